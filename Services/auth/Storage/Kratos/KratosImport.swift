import Postgres
import WireProtocol

/// Takes accounts over from an Ory Kratos, with their bcrypt hashes, so that their owners keep their passwords. What is
/// here already is left as it is: so it can be run again, after it was interrupted or for those who came since.
struct KratosImport: Sendable {
    let admin: KratosAdmin
    let database: PostgresClient

    /// - Parameters:
    ///   - page: the token of the page to begin with.
    ///   - progress: is told after each page, with the token of the next.
    /// - Throws: ``AuthError/identityServerDown``, `PostgresError`: pages that were told of are done.
    func run(from page: String? = nil, progress: (MoveReport, String?) -> Void) async throws -> MoveReport {
        var report = MoveReport()
        var next = page
        repeat {
            let found = try await admin.page(after: next)
            for identity in found.identities { report.add(identity.id, try await take(identity)) }
            next = found.next
            progress(report, next)
        } while next != nil
        return report
    }

    private func take(_ identity: KratosIdentity) async throws -> MoveReport.Outcome {
        guard let account = identity.account else { return .notMoved(reason: "has no trait `email` with an address") }
        let hash = identity.passwordHash.flatMap { PasswordHasher.costs.contains($0.cost) ? $0 : nil }
        do {
            let rows = try await database.query(
                """
                INSERT INTO users AS known (
                       id, identity_id, email, password_hash, display_name, role, email_verified_at, disabled_at)
                VALUES ($1, $2, $3::citext, $4, $5, $6, CASE WHEN $7::boolean THEN now() END,
                        CASE WHEN $8::boolean THEN now() END)
                    ON CONFLICT (identity_id) DO UPDATE
                   SET password_hash = excluded.password_hash
                 WHERE known.password_hash IS NULL
                   AND excluded.password_hash IS NOT NULL
                """,
                [
                    account.user.rawValue, account.identity.rawValue, account.email.description, hash?.description,
                    account.displayName, account.role.rawValue, account.isEmailVerified, account.isDisabled,
                ])
            guard rows.affectedRows == 1 else { return .wasThere }
        } catch let error as PostgresError where error.constraintViolated == "users_email_key" {
            return .notMoved(reason: "its e-mail address belongs to another account here")
        } catch let error as PostgresError where error.constraintViolated == "users_pkey" {
            return .notMoved(reason: "its id belongs to another account here")
        }
        guard hash == nil, identity.credentials?["password"] != nil else { return .moved }
        return .movedWithoutPassword(
            reason: "its password is not hashed with bcrypt of a cost up to \(PasswordHasher.costs.upperBound): the "
                + "owner has to set a new one")
    }
}
