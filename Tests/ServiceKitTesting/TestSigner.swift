import Crypto
import FoundationEssentials
import ServiceKit
import WireProtocol

/// An issuer with a key of each kind, all under one name, so that nothing but the issuer and the method tells them apart.
public struct TestSigner: Sendable {
    /// That of ``TestTokens``, too.
    public static let usualKeyID = "test-key"

    public let name: String
    public var audience = TestTokens.audience
    public var keyID = usualKeyID
    private let p256 = P256.Signing.PrivateKey()
    private let ed25519 = Curve25519.Signing.PrivateKey()

    public init(_ name: String) {
        self.name = name
    }

    /// It can give all roles, by our names for them.
    public func issuer(
        _ algorithms: Set<SigningAlgorithm>, keys: String = "http://keys.test", claim: String = ForeignRoles.usualClaim,
        roles: [String: Role] = ["student": .student, "teacher": .teacher, "admin": .admin]
    ) -> TrustedIssuer {
        TrustedIssuer(
            name: name, audience: audience, algorithms: algorithms,
            origin: .elsewhere(keys: keys, roles: ForeignRoles(claim: claim, names: roles)))
    }

    /// A JWK set with the public key for this method.
    public func keySet(_ algorithm: SigningAlgorithm) -> String {
        let key =
            switch algorithm {
            case .edDSA: #""kty":"OKP","crv":"Ed25519","x":"\#(ed25519.publicKey.rawRepresentation.base64URL)""#
            case .es256, .rs256:
                #""kty":"EC","crv":"P-256","x":"\#(p256.publicKey.rawRepresentation.prefix(32).base64URL)","#
                    + #""y":"\#(p256.publicKey.rawRepresentation.suffix(32).base64URL)""#
            }
        return #"{"keys":[{"kid":"\#(keyID)",\#(key)}]}"#
    }

    /// - Parameter other: who the token says has issued it.
    public func token(
        _ algorithm: SigningAlgorithm, role: Role = .student, issuedBy other: String? = nil,
        audience: String? = nil
    ) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        let claims = TokenClaims(
            issuer: other ?? name, audience: audience ?? self.audience, subject: Identifier(), sessionID: Identifier(),
            role: role, issuedAt: now, expiresAt: now + 60, tokenID: "1")
        return try token(algorithm, claims: claims)
    }

    public func token(_ algorithm: SigningAlgorithm, claims: some Encodable) throws -> String {
        let header = Data(#"{"alg":"\#(algorithm.rawValue)","kid":"\#(keyID)"}"#.utf8).base64URL
        let signed = Data("\(header).\(try WireJSON.encode(claims).base64URL)".utf8)
        let signature =
            switch algorithm {
            case .edDSA: try ed25519.signature(for: signed)
            case .es256, .rs256: try p256.signature(for: signed).rawRepresentation
            }
        return "\(String(decoding: signed, as: UTF8.self)).\(signature.base64URL)"
    }
}
