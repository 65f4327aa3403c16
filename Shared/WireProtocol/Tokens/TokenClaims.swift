/// The claims of an access token: JWT (RFC 7519) signed with ES256. Times are whole seconds since 1970.
public struct TokenClaims: Sendable, Hashable, Codable {
    public var issuer: String
    public var audience: String
    /// The user's id.
    public var subject: Identifier
    public var sessionID: Identifier
    public var role: Role
    /// By what the session was opened (RFC 8176): `pwd`, and `otp` or `recovery_code` with `mfa`.
    public var authenticationMethods: [String]
    public var assurance: Assurance
    public var issuedAt: Int
    public var expiresAt: Int
    public var tokenID: String

    public init(
        issuer: String, audience: String, subject: Identifier, sessionID: Identifier, role: Role,
        authenticationMethods: [String] = ["pwd"], assurance: Assurance = .one, issuedAt: Int, expiresAt: Int,
        tokenID: String
    ) {
        self.issuer = issuer
        self.audience = audience
        self.subject = subject
        self.sessionID = sessionID
        self.role = role
        self.authenticationMethods = authenticationMethods
        self.assurance = assurance
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.tokenID = tokenID
    }

    /// A token without `amr` and `aal` assures of nothing beyond the least.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        issuer = try container.decode(String.self, forKey: .issuer)
        audience = try container.decode(String.self, forKey: .audience)
        subject = try container.decode(Identifier.self, forKey: .subject)
        sessionID = try container.decode(Identifier.self, forKey: .sessionID)
        role = try container.decode(Role.self, forKey: .role)
        authenticationMethods = try container.decodeIfPresent([String].self, forKey: .authenticationMethods) ?? []
        assurance = try container.decodeIfPresent(Assurance.self, forKey: .assurance) ?? .one
        issuedAt = try container.decode(Int.self, forKey: .issuedAt)
        expiresAt = try container.decode(Int.self, forKey: .expiresAt)
        tokenID = try container.decode(String.self, forKey: .tokenID)
    }

    enum CodingKeys: String, CodingKey {
        case role
        case issuer = "iss"
        case audience = "aud"
        case subject = "sub"
        case sessionID = "sid"
        case authenticationMethods = "amr"
        case assurance = "aal"
        case issuedAt = "iat"
        case expiresAt = "exp"
        case tokenID = "jti"
    }
}
