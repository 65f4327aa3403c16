import WireProtocol

/// Sessions and their refresh tokens.
protocol SessionStore: Sendable {
    func refresh(_ token: RefreshToken, from origin: Origin) async throws -> RefreshOutcome

    /// - Returns: whether there was such a session to end.
    func revoke(_ session: Identifier, of user: Identifier, _ entry: AuditEntry) async throws -> Bool
    func revokeAll(of user: Identifier, _ entry: AuditEntry) async throws

    /// Those that can still be refreshed, the newest first; one more than `limit`.
    func sessions(of user: Identifier, limit: Int, before number: Int?) async throws -> [Session]
    func countSessions(of user: Identifier) async throws -> Int
}

/// What became of a presented refresh token.
enum RefreshOutcome: Sendable {
    case rotated(SessionGrant)
    /// The answer of a use before was given again.
    case repeated(SessionGrant)
    /// It had been used before; the session is revoked.
    case reused
    case refused
}
