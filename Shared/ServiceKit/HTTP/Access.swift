public import WireProtocol

/// Who may call a route. Every route states it; there is no default.
public enum Access: Sendable, Hashable {
    /// No token needed. One that is sent must be valid all the same, and tells the handler who calls.
    case anyone
    /// Whoever is logged in.
    case user
    /// Whoever has at least this role.
    case role(Role)
    /// Another Lyceum service, by a service token; never a user, never through the gateway.
    case service
}

/// Whose valid access token came with the request.
public struct Caller: Sendable, Hashable {
    public let userID: Identifier
    public let sessionID: Identifier
    public let role: Role

    public init(userID: Identifier, sessionID: Identifier, role: Role) {
        self.userID = userID
        self.sessionID = sessionID
        self.role = role
    }

    public init(_ claims: TokenClaims) {
        self.init(userID: claims.subject, sessionID: claims.sessionID, role: claims.role)
    }
}
