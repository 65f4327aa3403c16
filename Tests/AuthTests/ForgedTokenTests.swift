import Crypto
import FoundationEssentials
import HTTPTypes
import JWTKit
import PostgresTesting
import ServiceKit
import Testing
import WireProtocol

@testable import Auth

@Suite("Forged access tokens", .enabled(if: TestDatabase.isAvailable))
struct ForgedTokenTests {
    /// Whatever is changed of a good token, it is no good any more, and nothing breaks.
    @Test("are refused, whatever single character of a good one is changed, left out or put in")
    func everyCharacter() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let good = Array(account.accessToken.utf8)
            var random = SystemRandomNumberGenerator()
            for index in stride(from: 0, to: good.count, by: 3) {
                var changed = good
                switch index % 4 {
                case 0: changed[index] ^= 1 << UInt8.random(in: 0..<5, using: &random)
                case 1: changed.remove(at: index)
                case 2: changed.insert(UInt8(ascii: "."), at: index)
                default: changed.insert(UInt8.random(in: 0x21..<0x7F, using: &random), at: index)
                }
                let answer = try await auth.send(.get, "/auth/me", token: String(decoding: changed, as: UTF8.self))
                #expect(answer.status == .unauthorized, "\(index)")
            }
        }
    }

    @Test("are refused, cut off anywhere")
    func everyPrefix() async throws {
        try await withAuth { auth in
            let token = try await auth.account().accessToken
            for length in stride(from: 1, to: token.utf8.count, by: 5) {
                let answer = try await auth.send(.get, "/auth/me", token: String(token.prefix(length)))
                #expect(answer.status == .unauthorized, "\(length)")
            }
        }
    }

    /// Each well signed, by the service's own key, under a header that asks for more than a signature.
    @Test(
        "are refused when their header names another algorithm, key or place of keys, or what we don't understand",
        arguments: [
            #"{"alg":"none","typ":"JWT","kid":"KID"}"#, #"{"alg":"NONE","kid":"KID"}"#, #"{"alg":"HS256","kid":"KID"}"#,
            #"{"alg":"ES384","kid":"KID"}"#, #"{"alg":"ES256","kid":"other"}"#, #"{"alg":"ES256"}"#, #"{"kid":"KID"}"#,
            #"{"alg":"ES256","kid":"KID","crit":["exp"]}"#, #"{"alg":"ES256","kid":"KID","crit":["b64"],"b64":false}"#,
            #"{"alg":"ES256","kid":7}"#, #"[]"#, #"{"alg":"ES256","kid":"KID""#, #""ES256""#, "",
        ])
    func headers(header: String) async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let token = try await signed(header, account, auth)
            #expect(try await auth.send(.get, "/auth/me", token: token).status == .unauthorized)
        }
    }

    @Test("are judged by our own keys, wherever jku, jwk or x5u lead", arguments: ["jku", "jwk", "x5u", "x5c"])
    func foreignKeys(name: String) async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let stranger = P256.Signing.PrivateKey()
            let point = SigningKey(stranger, activeAt: Date()).publicPoint
            let value =
                name == "jwk"
                ? #"{"kty":"EC","crv":"P-256","x":"\#(point.x)","y":"\#(point.y)"}"#
                : #""https://attacker.example/keys""#
            let header = #"{"alg":"ES256","kid":"KID","\#(name)":\#(value)}"#
            let token = try await signed(header, account, auth, by: stranger)
            #expect(try await auth.send(.get, "/auth/me", token: token).status == .unauthorized)
        }
    }

    @Test("are refused when the public key was taken for a secret")
    func confusedKeys() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let key = try await key(of: auth)
            let header = Data(#"{"alg":"HS256","typ":"JWT","kid":"\#(key.id)"}"#.utf8).base64URL
            let text = "\(header).\(account.accessToken.split(separator: ".")[1])"
            for secret in [key.key.publicKey.pemRepresentation, key.publicPoint.x] {
                let mac = HMAC<SHA256>.authenticationCode(
                    for: Data(text.utf8), using: SymmetricKey(data: Data(secret.utf8)))
                let answer = try await auth.send(.get, "/auth/me", token: "\(text).\(Data(mac).base64URL)")
                #expect(answer.status == .unauthorized)
            }
        }
    }

    /// RFC 7515, A.1 and A.3, and RFC 7519 §6.1: all of one payload.
    @Test("are refused like the examples of the RFCs, though they are well signed by a key that is known")
    func examples() async throws {
        let payload =
            "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        let elliptic = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
        let scalar = try #require(Data(base64Encoded: "jpsQnnGQmL+YBIffH1136cspYG6+0iY7X1fCE9+E9LI="))
        let key = SigningKey(try P256.Signing.PrivateKey(rawRepresentation: scalar), activeAt: Date())
        let signature = try Account.segment(0, of: elliptic)
        #expect(
            key.key.publicKey.isValidSignature(
                try P256.Signing.ECDSASignature(rawRepresentation: signature),
                for: Data("eyJhbGciOiJFUzI1NiJ9.\(payload)".utf8)))
        let verifier = TokenVerifier(issuer: "joe", audience: "lyceum-api")
        let point = key.publicPoint
        let identifier = JWKIdentifier(string: key.id)
        try verifier.use(
            JWKS(keys: [.ecdsa(.es256, identifier: identifier, x: point.x, y: point.y, curve: .p256)]))
        for token in [
            "eyJhbGciOiJFUzI1NiJ9.\(payload).\(elliptic)",
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\(payload).dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            "eyJhbGciOiJub25lIn0.\(payload).",
        ] {
            await #expect(throws: (any Error).self) { try await verifier.verify(token) }
        }
    }

    @Test("are refused with a signature in another form, or of zeros")
    func signatures() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let parts = account.accessToken.split(separator: ".")
            let raw = try Account.segment(2, of: account.accessToken)
            let der = try P256.Signing.ECDSASignature(rawRepresentation: raw).derRepresentation
            for signature in [der, Data(count: 64), Data(count: 0), raw + raw, raw.dropLast()] {
                let token = "\(parts[0]).\(parts[1]).\(Data(signature).base64URL)"
                #expect(try await auth.send(.get, "/auth/me", token: token).status == .unauthorized)
            }
        }
    }

    private func key(of auth: AuthFixture) async throws -> SigningKey {
        try await PostgresTokenState(database: auth.database, tokenLifetime: 960).signingKeys()[0]
    }

    /// The account's claims under `header`, in which KID stands for the id of the service's key.
    private func signed(
        _ header: String, _ account: Account, _ auth: AuthFixture, by other: P256.Signing.PrivateKey? = nil
    ) async throws -> String {
        let key = try await key(of: auth)
        let head = Data(header.replacing("KID", with: key.id).utf8).base64URL
        let text = "\(head).\(account.accessToken.split(separator: ".")[1])"
        let signature = try (other ?? key.key).signature(for: Data(text.utf8)).rawRepresentation
        return "\(text).\(signature.base64URL)"
    }
}
