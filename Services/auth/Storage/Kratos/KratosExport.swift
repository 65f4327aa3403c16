import FoundationEssentials
import Postgres
import WireProtocol

/// Brings auth's own accounts to an Ory Kratos, with their bcrypt hashes, so that their owners keep their passwords and
/// ids. Which are there already is noted here: so it can be run again, after it was interrupted or for those who came since.
struct KratosExport: Sendable {
    static let batch = 200

    let admin: KratosAdmin
    let database: PostgresClient

    /// - Parameter progress: is told after each batch.
    /// - Throws: ``AuthError/identityServerDown``, ``AuthError/busy``, `PostgresError`.
    func run(progress: (MoveReport) -> Void) async throws -> MoveReport {
        var report = MoveReport()
        var last = UUID(uuidString: "00000000-0000-0000-0000-000000000000")
        while let after = last {
            let accounts = try await accounts(after: after)
            for (user, new) in accounts { report.add(user, try await bring(user, new)) }
            last = accounts.count == Self.batch ? accounts.last?.user.rawValue : nil
            progress(report)
        }
        return report
    }

    private func bring(_ user: Identifier, _ new: NewIdentity) async throws -> MoveReport.Outcome {
        var outcome = MoveReport.Outcome.moved
        let identity: KratosIdentity
        do {
            identity = try await admin.create(new)
        } catch AuthError.emailTaken {
            // By an export that ended between its two steps, or by somebody else.
            guard let known = try await admin.identity(of: user) else {
                return .notMoved(reason: "its e-mail address belongs to another account in Kratos")
            }
            identity = known
            outcome = .wasThere
        }
        try await database.query(
            """
            UPDATE users
               SET identity_id = $2
             WHERE id = $1
            """, [user.rawValue, identity.id.rawValue])
        return outcome
    }

    private func accounts(after user: UUID) async throws -> [(user: Identifier, new: NewIdentity)] {
        let rows = try await database.query(
            """
            SELECT id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at,
                   updated_at, password_hash
              FROM users
             WHERE id > $1
               AND identity_id IS NULL
             ORDER BY id
             LIMIT $2
            """, [user, Self.batch])
        return try rows.map { row in
            let user = try User(row)
            guard let email = EmailAddress(user.email) else { throw UnreadableColumn(table: "users", column: "email") }
            let hash = try BcryptHash.from(column: try row["password_hash"])
            let new = NewIdentity(
                email: email, password: hash.map { .hashed($0) }, displayName: user.displayName, role: user.role,
                isEmailVerified: user.isEmailVerified, isDisabled: user.isDisabled, user: user.id)
            return (user.id, new)
        }
    }
}
