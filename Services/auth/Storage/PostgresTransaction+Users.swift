import Postgres

extension PostgresTransaction {
    /// - Throws: ``AuthError/emailTaken``.
    func insert(_ user: NewUser) async throws -> User {
        do {
            let rows = try await query(
                """
                INSERT INTO users (id, email, password_hash, display_name, locale, role, email_verified_at, identity_id)
                VALUES ($1, $2::citext, $3, $4, $5, $6, CASE WHEN $7::boolean THEN now() END, $8)
                RETURNING id, email, display_name, locale, role, email_verified_at, disabled_at, version,
                          created_at, updated_at
                """,
                [
                    user.id.rawValue, user.email.description, user.passwordHash?.description, user.displayName,
                    user.locale?.description, user.role.rawValue, user.isEmailVerified, user.identity?.rawValue,
                ])
            return try User(rows[0])
        } catch let error as PostgresError where error.constraintViolated == "users_email_key" {
            throw AuthError.emailTaken
        }
    }

    /// Sets a password in the place of one that is not asked for, for a user whose row this transaction holds locked.
    /// Every session ends, links that were mailed are good no more, and the owner is told by mail.
    ///
    /// - Parameter hash: `nil` when passwords are kept elsewhere: then one from before is good no more here.
    func replacePassword(of user: User, with hash: BcryptHash?, _ entry: AuditEntry) async throws {
        try await query(
            """
            UPDATE users
               SET password_hash = $2, version = version + 1, updated_at = clock_timestamp()
             WHERE id = $1
            """, [user.id.rawValue, hash?.description])
        try await revokeSessions(of: user.id)
        try await withdrawTokens(of: user.id, for: .passwordReset)
        try await append(entry)
        try await insert(
            MailOrder(kind: .passwordChanged, recipient: user.email, language: user.locale, origin: entry.origin))
    }
}
