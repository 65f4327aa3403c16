import JWTKit
public import WireProtocol

/// ``WireProtocol/TokenClaims`` as jwt-kit wants them.
public struct AccessTokenPayload: JWTPayload, Sendable {
    public let claims: TokenClaims

    public init(_ claims: TokenClaims) {
        self.claims = claims
    }

    public init(from decoder: any Decoder) throws {
        claims = try TokenClaims(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try claims.encode(to: encoder)
    }

    /// The claims are judged by ``TokenVerifier``, which knows the issuer, the audience and the clock.
    public func verify(using algorithm: some JWTAlgorithm) throws {}
}
