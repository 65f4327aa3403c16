/// The claims of an access token: JWT (RFC 7519) signed with ES256. Times are whole seconds since 1970.
public struct TokenClaims: Sendable, Hashable, Codable {
    public var issuer: String
    public var audience: String
    /// The user's id.
    public var subject: Identifier
    public var sessionID: Identifier
    public var role: Role
    public var issuedAt: Int
    public var expiresAt: Int
    public var tokenID: String

    public init(
        issuer: String, audience: String, subject: Identifier, sessionID: Identifier, role: Role, issuedAt: Int,
        expiresAt: Int,
        tokenID: String
    ) {
        self.issuer = issuer
        self.audience = audience
        self.subject = subject
        self.sessionID = sessionID
        self.role = role
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.tokenID = tokenID
    }

    enum CodingKeys: String, CodingKey {
        case role
        case issuer = "iss"
        case audience = "aud"
        case subject = "sub"
        case sessionID = "sid"
        case issuedAt = "iat"
        case expiresAt = "exp"
        case tokenID = "jti"
    }
}
