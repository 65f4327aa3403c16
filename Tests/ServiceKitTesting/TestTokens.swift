import FoundationEssentials
import JWTKit
import ServiceKit
import WireProtocol

/// An issuer of tokens for tests: a key pair of its own, and a verifier that knows it.
public struct TestTokens: Sendable {
    public static let issuer = "lyceum"
    public static let audience = "lyceum-api"
    public static let internalSecret = "a secret of tests, 32 bytes or more"

    public let keyID = "test-key"
    public let key = ES256PrivateKey()
    /// Accepts what this issuer signs.
    public let verifier = TokenVerifier(issuer: issuer, audience: audience)

    public init() async throws {
        try verifier.use(keySet)
    }

    public var keySet: JWKS {
        let parameters = key.publicKey.parameters
        return JWKS(keys: [
            .ecdsa(
                .es256, identifier: JWKIdentifier(string: keyID), x: parameters?.x, y: parameters?.y, curve: .p256)
        ])
    }

    /// A token as auth would make it; the arguments make it wrong in one way.
    public func token(
        _ role: Role, user: Identifier = Identifier(), session: Identifier = Identifier(),
        issuer: String = Self.issuer, audience: String = Self.audience, issuedAt: Date = Date(),
        lifetime: Int = 900, signedWith other: ES256PrivateKey? = nil
    ) async throws -> String {
        let time = Int(issuedAt.timeIntervalSince1970)
        let claims = TokenClaims(
            issuer: issuer, audience: audience, subject: user, sessionID: session, role: role, issuedAt: time,
            expiresAt: time + lifetime, tokenID: Identifier().description)
        let keys = await JWTKeyCollection().add(ecdsa: other ?? key, kid: JWKIdentifier(string: keyID))
        return try await keys.sign(AccessTokenPayload(claims), kid: JWKIdentifier(string: keyID))
    }

    /// `claims` under `{"alg":"none"}`, as an attacker would try.
    public func unsignedToken(_ role: Role) async throws -> String {
        let header = Data(#"{"alg":"none","typ":"JWT","kid":"\#(keyID)"}"#.utf8).base64URL
        let payload = try await token(role).split(separator: ".")[1]
        return "\(header).\(payload)."
    }

    /// The token of another service, for `/internal/*`.
    public func serviceToken(of service: String = "content") async throws -> String {
        try await ServiceTokens(service: service, secret: Self.internalSecret).make()
    }
}
