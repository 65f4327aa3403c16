import Postgres
import WireProtocol

struct PostgresOneTimeTokens: OneTimeTokenStore {
    let database: PostgresClient
    let news: IdentityNews

    func account(of token: OneTimeToken, for purpose: OneTimeToken.Purpose) async throws -> User? {
        let rows = try await database.query(
            """
            SELECT users.id, users.email, display_name, locale, role, email_verified_at, disabled_at, version,
                   users.created_at, updated_at
              FROM one_time_tokens
              JOIN users ON users.id = user_id AND users.email = one_time_tokens.email
             WHERE hash = $1
               AND purpose = $2
               AND expires_at > clock_timestamp()
               AND disabled_at IS NULL
            """, [token.hash, purpose.rawValue])
        return try rows.only.map(User.init)
    }

    func resetPassword(
        by token: OneTimeToken, to hash: BcryptHash?, forgetting bucket: String, from origin: Origin
    ) async throws {
        try await database.withTransaction(retries: 3) { transaction in
            let user = try await transaction.use(token, for: .passwordReset)
            try await transaction.query(
                "UPDATE users SET email_verified_at = coalesce(email_verified_at, now()) WHERE id = $1",
                [user.id.rawValue])
            try await news.append(user.id, in: transaction)
            try await transaction.withdrawTokens(of: user.id, for: .emailVerification)
            try await transaction.query("DELETE FROM login_failures WHERE bucket = $1", [bucket])
            try await transaction.replacePassword(
                of: user, with: hash,
                AuditEntry(action: .passwordReset, actor: user.id, target: user.id, origin: origin))
        }
    }

    func verifyEmail(by token: OneTimeToken, from origin: Origin) async throws {
        try await database.withTransaction(retries: 3) { transaction in
            let user = try await transaction.use(token, for: .emailVerification)
            try await transaction.query(
                """
                UPDATE users
                   SET email_verified_at = coalesce(email_verified_at, now()),
                       version = version + 1, updated_at = clock_timestamp()
                 WHERE id = $1
                """, [user.id.rawValue])
            try await news.append(user.id, in: transaction)
            try await transaction.append(
                AuditEntry(action: .emailVerified, actor: user.id, target: user.id, origin: origin))
        }
    }
}

extension PostgresTransaction {
    /// Uses up a token and locks its account, in the order in which all lock: the user first. Of two uses at once, one
    /// finds nothing left.
    ///
    /// - Throws: ``AuthError/tokenRefused``.
    fileprivate func use(_ token: OneTimeToken, for purpose: OneTimeToken.Purpose) async throws -> User {
        let rows = try await query(
            """
            SELECT id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at,
                   updated_at
              FROM users
             WHERE id = (SELECT user_id FROM one_time_tokens WHERE hash = $1)
               AND disabled_at IS NULL
               FOR UPDATE
            """, [token.hash])
        guard let user = try rows.only.map(User.init) else { throw AuthError.tokenRefused }
        let used = try await query(
            """
            DELETE FROM one_time_tokens
             WHERE hash = $1
               AND purpose = $2
               AND email = $3::citext
               AND expires_at > clock_timestamp()
            """, [token.hash, purpose.rawValue, user.email])
        guard used.affectedRows == 1 else { throw AuthError.tokenRefused }
        return user
    }
}
