/// The claims of a service token, with which one service calls another's `/internal/*`: JWT, HS256 under the shared
/// secret, valid for a minute.
public struct ServiceClaims: Sendable, Hashable, Codable {
    public static let audience = "internal"

    /// The calling service's name.
    public var issuer: String
    public var audience: String
    public var issuedAt: Int
    public var expiresAt: Int

    public init(issuer: String, issuedAt: Int, expiresAt: Int) {
        self.issuer = issuer
        self.audience = Self.audience
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }

    enum CodingKeys: String, CodingKey {
        case issuer = "iss"
        case audience = "aud"
        case issuedAt = "iat"
        case expiresAt = "exp"
    }
}
