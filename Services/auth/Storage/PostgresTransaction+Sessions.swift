import FoundationEssentials
import Postgres
import WireProtocol

extension PostgresTransaction {
    /// Opens a session for a user whose row this transaction holds locked.
    func openSession(
        for user: User, from origin: Origin, lifetime: Duration, as authentication: Authentication
    ) async throws -> SessionGrant {
        let session = Identifier()
        let token = RefreshToken()
        try await query(
            """
            INSERT INTO sessions (id, user_id, user_agent, ip, expires_at, methods)
            VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5), $6::text[])
            """,
            [
                session.rawValue, user.id.rawValue, origin.userAgent, origin.address, lifetime.seconds,
                authentication.column,
            ])
        try await insert(token, session: session, lifetime: lifetime)
        return SessionGrant(
            user: user, sessionID: session, authentication: authentication, refreshToken: token,
            issuedAt: try await issueTime(for: user.id))
    }

    func insert(_ token: RefreshToken, session: Identifier, lifetime: Duration) async throws {
        try await query(
            """
            INSERT INTO refresh_tokens (hash, session_id, expires_at)
            VALUES ($1, $2, now() + make_interval(secs => $3))
            """, [token.hash, session.rawValue, lifetime.seconds])
    }

    /// The `iat` of a token that is issued now: by the database's clock, which all replicas share, and later than what
    /// was revoked of the user's tokens, which is told in whole seconds.
    func issueTime(for user: Identifier) async throws -> Int {
        let rows = try await query(
            """
            SELECT greatest(
                       floor(extract(epoch FROM clock_timestamp()))::bigint,
                       (SELECT issued_until + 1 FROM revocations WHERE scope = 'user' AND id = $1)) AS issued_at
            """, [user.rawValue])
        return try rows[0]["issued_at"]
    }

    /// A session that ended never comes back, so that its tokens are refused with a minute to spare.
    ///
    /// - Returns: whether the user had this session, and it was live.
    @discardableResult
    func revokeSession(_ session: Identifier, of user: Identifier) async throws -> Bool {
        let ended = try await query(
            """
            WITH ended AS (
                UPDATE sessions
                   SET revoked_at = now()
                 WHERE id = $1
                   AND user_id = $2
                   AND revoked_at IS NULL
                   AND expires_at > now()
                RETURNING id
            )
            INSERT INTO revocations (scope, id, issued_until)
            SELECT 'session', id, ceil(extract(epoch FROM clock_timestamp()))::bigint + 60
              FROM ended
                ON CONFLICT (scope, id) DO NOTHING
            """, [session.rawValue, user.rawValue])
        return ended.affectedRows == 1
    }

    /// Ends the user's live sessions: all, or all but one; and logins that are not complete.
    func revokeSessions(of user: Identifier, except kept: Identifier? = nil) async throws {
        try await query("DELETE FROM login_challenges WHERE user_id = $1", [user.rawValue])
        try await query(
            """
            WITH ended AS (
                UPDATE sessions
                   SET revoked_at = now()
                 WHERE user_id = $1
                   AND revoked_at IS NULL
                   AND id IS DISTINCT FROM $2::uuid
                RETURNING id
            )
            INSERT INTO revocations (scope, id, issued_until)
            SELECT 'session', id, ceil(extract(epoch FROM clock_timestamp()))::bigint + 60
              FROM ended
                ON CONFLICT (scope, id) DO NOTHING
            """, [user.rawValue, kept?.rawValue])
    }

    /// Refuses the tokens that the user, whose row this transaction holds locked, was issued until now.
    func revokeTokens(of user: Identifier) async throws {
        try await query(
            """
            INSERT INTO revocations AS r (scope, id, issued_until)
            VALUES ('user', $1, floor(extract(epoch FROM clock_timestamp()))::bigint)
                ON CONFLICT (scope, id) DO UPDATE
               SET issued_until = greatest(r.issued_until + 1, excluded.issued_until)
            """, [user.rawValue])
    }
}
