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
}
