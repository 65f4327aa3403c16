import FoundationEssentials
import Postgres
import ServiceKit
import WireProtocol

struct PostgresShadows: Shadows {
    let database: PostgresClient
    let outbox: Outbox

    func holder(of email: String) async throws -> (user: Identifier, identity: Identifier?)? {
        let rows = try await database.query("SELECT id, identity_id FROM users WHERE email = $1::citext", [email])
        return try rows.only.map { row in
            let identity: UUID? = try row["identity_id"]
            return (Identifier(rawValue: try row["id"]), identity.map { Identifier($0) })
        }
    }

    func adopt(_ account: OutsideAccount) async throws -> User {
        do {
            return try await database.withTransaction(retries: 3) { transaction in
                if let changed = try await change(account, transaction) { return changed }
                return try await insert(account, transaction)
            }
        } catch let error as PostgresError where error.constraintViolated == "users_email_key" {
            throw AuthError.emailTaken
        }
    }

    func drop(_ user: Identifier) async throws {
        try await database.withTransaction(retries: 3) { transaction in
            try await transaction.query("SELECT FROM users WHERE id = $1 FOR UPDATE", [user.rawValue])
            try await transaction.erase(user, telling: outbox)
        }
    }

    /// `nil` when there is no such row. Whether an account is disabled is not taken over: either side can shut it out.
    private func change(_ account: OutsideAccount, _ transaction: PostgresTransaction) async throws -> User? {
        let rows = try await transaction.query(
            """
            SELECT id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at, updated_at
              FROM users
             WHERE identity_id = $1
                OR (id = $2 AND identity_id IS NULL)
               FOR UPDATE
            """, [account.identity.rawValue, account.user.rawValue])
        guard let old = try rows.only.map(User.init) else { return nil }
        let isAhead = try await isAhead(account.identity, transaction)
        let (name, role) = isAhead ? (old.displayName, old.role) : (account.displayName, account.role)
        if old.role != role { try await transaction.revokeTokens(of: old.id) }
        let changed = try await transaction.query(
            """
            UPDATE users
               SET identity_id = $2, email = $3::citext, display_name = $4, role = $5,
                   email_verified_at = CASE WHEN $6::boolean OR email = $3::citext
                                            THEN coalesce(email_verified_at, CASE WHEN $6::boolean THEN now() END) END,
                   version = version + 1, updated_at = clock_timestamp()
             WHERE id = $1
               AND ((identity_id, email::text, display_name, role) IS DISTINCT FROM ($2, $3, $4, $5)
                    OR $6::boolean AND email_verified_at IS NULL)
            RETURNING id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at, updated_at
            """,
            [
                old.id.rawValue, account.identity.rawValue, account.email.description, name, role.rawValue,
                account.isEmailVerified,
            ])
        return try changed.only.map(User.init) ?? old
    }

    /// Whether what the server said of an identity may be older than what was changed here.
    private func isAhead(_ identity: Identifier, _ transaction: PostgresTransaction) async throws -> Bool {
        let news = try await transaction.query(
            "SELECT FROM identity_news WHERE identity_id = $1", [identity.rawValue])
        return !news.isEmpty
    }

    private func insert(_ account: OutsideAccount, _ transaction: PostgresTransaction) async throws -> User {
        if try await isAhead(account.identity, transaction) { throw AuthError.accountGone }
        let rows = try await transaction.query(
            """
            INSERT INTO users (id, identity_id, email, display_name, role, email_verified_at)
            VALUES ($1, $2, $3::citext, $4, $5, CASE WHEN $6::boolean THEN now() END)
                ON CONFLICT (identity_id) DO UPDATE
               SET identity_id = excluded.identity_id
            RETURNING id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at, updated_at
            """,
            [
                account.user.rawValue, account.identity.rawValue, account.email.description, account.displayName,
                account.role.rawValue, account.isEmailVerified,
            ])
        return try User(rows[0])
    }
}
