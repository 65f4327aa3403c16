import Crypto
import Foundation
import ServiceKitTesting
import WireProtocol

@testable import Gateway

/// An issuer with a key of each kind, all under one name, so that nothing but the issuer and the method tells them apart.
struct TestSigner: Sendable {
    /// That of ``TestTokens``, too.
    static let keyID = "test-key"

    let name: String
    var audience = TestTokens.audience
    private let p256 = P256.Signing.PrivateKey()
    private let ed25519 = Curve25519.Signing.PrivateKey()

    init(_ name: String) {
        self.name = name
    }

    func issuer(_ algorithms: Set<SigningAlgorithm>, keys: String = "http://keys.test") -> TokenIssuer {
        TokenIssuer(name: name, audience: audience, keys: .url(keys), algorithms: algorithms)
    }

    /// A JWK set with the public key for this method.
    func keySet(_ algorithm: SigningAlgorithm) -> String {
        let key =
            switch algorithm {
            case .edDSA: #""kty":"OKP","crv":"Ed25519","x":"\#(ed25519.publicKey.rawRepresentation.base64URL)""#
            case .es256, .rs256:
                #""kty":"EC","crv":"P-256","x":"\#(p256.publicKey.rawRepresentation.prefix(32).base64URL)","#
                    + #""y":"\#(p256.publicKey.rawRepresentation.suffix(32).base64URL)""#
            }
        return #"{"keys":[{"kid":"\#(Self.keyID)",\#(key)}]}"#
    }

    /// - Parameter other: who the token says has issued it.
    func token(
        _ algorithm: SigningAlgorithm, role: Role = .student, issuedBy other: String? = nil,
        audience: String? = nil
    ) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        let claims = TokenClaims(
            issuer: other ?? name, audience: audience ?? self.audience, subject: Identifier(), sessionID: Identifier(),
            role: role, issuedAt: now, expiresAt: now + 60, tokenID: "1")
        let header = Data(#"{"alg":"\#(algorithm.rawValue)","kid":"\#(Self.keyID)"}"#.utf8).base64URL
        let signed = Data("\(header).\(try WireJSON.encode(claims).base64URL)".utf8)
        let signature =
            switch algorithm {
            case .edDSA: try ed25519.signature(for: signed)
            case .es256, .rs256: try p256.signature(for: signed).rawRepresentation
            }
        return "\(String(decoding: signed, as: UTF8.self)).\(signature.base64URL)"
    }
}

extension Data {
    /// RFC 4648 §5, without padding.
    var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
