import Crypto
import CryptoExtras
import Foundation
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Gateway

/// Issuers that sign by other methods than our own auth.
@Suite struct AlgorithmTests {
    private let p256 = P256.Signing.PrivateKey()
    private let ed25519 = Curve25519.Signing.PrivateKey()
    private let rsa: _RSA.Signing.PrivateKey
    private let now = Int(Date().timeIntervalSince1970)

    init() throws {
        rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048)
    }

    private func base64URL(_ data: some Sequence<UInt8>) -> String {
        Data(data).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private func keySet() throws -> String {
        let point = p256.publicKey.rawRepresentation
        let primitives = try rsa.publicKey.getKeyPrimitives()
        return """
            {"keys": [
            {"kty": "EC", "crv": "P-256", "kid": "e", "x": "\(base64URL(point.prefix(32)))", "y": "\(base64URL(point.suffix(32)))"},
            {"kty": "OKP", "crv": "Ed25519", "kid": "d", "x": "\(base64URL(ed25519.publicKey.rawRepresentation))"},
            {"kty": "RSA", "kid": "r", "alg": "RS256", "use": "sig", "n": "\(base64URL(primitives.modulus))",
             "e": "\(base64URL(primitives.publicExponent))"},
            {"kty": "RSA", "kid": "encrypting", "use": "enc", "n": "\(base64URL(primitives.modulus))",
             "e": "\(base64URL(primitives.publicExponent))"},
            {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"},
            {"kty": "EC", "crv": "P-256", "kid": "off the curve", "x": "\(base64URL(point.prefix(32)))",
             "y": "\(base64URL(point.prefix(32)))"},
            {"kty": "RSA", "kid": "short", "n": "\(base64URL(primitives.modulus.prefix(128)))", "e": "AQAB"}
            ]}
            """
    }

    private func token(_ algorithm: String, _ kid: String, sign: (Data) throws -> Data) throws -> String {
        let claims = TokenClaims(
            issuer: TestTokens.issuer, audience: TestTokens.audience, subject: Identifier(), sessionID: Identifier(),
            role: .student, issuedAt: now, expiresAt: now + 60, tokenID: "1")
        let header = base64URL(#"{"alg":"\#(algorithm)","kid":"\#(kid)"}"#.utf8)
        let signed = "\(header).\(base64URL(try WireJSON.encode(claims)))"
        return "\(signed).\(base64URL(try sign(Data(signed.utf8))))"
    }

    private func isValid(_ token: String) throws -> Bool {
        var issuer = TrustedIssuer.test
        issuer.algorithms = Set(SigningAlgorithm.allCases)
        var judge = TokenJudge(issuers: [issuer], cacheCapacity: 8)
        judge.use(try KeyRing(json: Data(try keySet().utf8)), of: issuer)
        let verdict = Array(token.utf8).withUnsafeBytes { judge.judge($0, now: now) }
        return if case .valid = verdict { true } else { false }
    }

    private func es256(_ data: Data) throws -> Data { try p256.signature(for: data).rawRepresentation }
    private func edDSA(_ data: Data) throws -> Data { try ed25519.signature(for: data) }
    private func rs256(_ data: Data) throws -> Data {
        try rsa.signature(for: SHA256.hash(data: data), padding: .insecurePKCS1v1_5).rawRepresentation
    }

    @Test func eachKeyVerifiesItsOwnMethod() throws {
        #expect(try isValid(token("ES256", "e", sign: es256)))
        #expect(try isValid(token("EdDSA", "d", sign: edDSA)))
        #expect(try isValid(token("RS256", "r", sign: rs256)))
    }

    @Test func aSignatureByAnotherKeyIsRefused() throws {
        let other = Curve25519.Signing.PrivateKey()
        #expect(try !isValid(token("EdDSA", "d") { try other.signature(for: $0) }))
        let otherRSA = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        #expect(
            try !isValid(
                token("RS256", "r") {
                    try otherRSA.signature(for: SHA256.hash(data: $0), padding: .insecurePKCS1v1_5).rawRepresentation
                }))
    }

    @Test func theHeaderHasNoSayInHowAKeyIsUsed() throws {
        #expect(try !isValid(token("RS256", "e", sign: es256)))
        #expect(try !isValid(token("ES256", "d", sign: edDSA)))
        #expect(try !isValid(token("EdDSA", "r", sign: rs256)))
        // A public key as the secret of a MAC is the classic attack.
        let secret = SymmetricKey(data: rsa.publicKey.derRepresentation)
        #expect(
            try !isValid(token("HS256", "r") { Data(HMAC<SHA256>.authenticationCode(for: $0, using: secret)) }))
        #expect(
            try !isValid(
                token("PS256", "r") {
                    try rsa.signature(for: SHA256.hash(data: $0), padding: .PSS).rawRepresentation
                }))
        #expect(try !isValid(token("none", "r") { _ in Data() }))
    }

    @Test func keysForOtherUsesAreNotTaken() throws {
        #expect(try !isValid(token("RS256", "encrypting", sign: rs256)))
        #expect(try !isValid(token("HS256", "shared") { _ in Data() }))
    }

    @Test func signaturesOfEveryOddLengthAreRefused() throws {
        for count in [0, 1, 63, 65, 255, 257] {
            for (algorithm, kid) in [("ES256", "e"), ("EdDSA", "d"), ("RS256", "r")] {
                #expect(try !isValid(token(algorithm, kid) { _ in Data(repeating: 1, count: count) }))
            }
        }
    }
}
