import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOConcurrencyHelpers
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@Suite("Tokens of other issuers")
struct ForeignTokenTests {
    private static let user = "7d9f2a34-5b1c-4e8e-9a66-1f0f5a1c2b3d"
    private let school = TestSigner("https://school.test")
    private let now = Int(Date().timeIntervalSince1970)

    /// As Kratos or Keycloak would make them; none of them is just like auth's.
    private func claims(_ changes: [String: JSONValue] = [:]) -> [String: JSONValue] {
        let claims: [String: JSONValue] = [
            "iss": .string(school.name), "aud": .array([.string("other"), .string(school.audience)]),
            "sub": .string(Self.user), "iat": .number(Double(now) - 0.5), "exp": .integer(Int64(now + 60)),
            "groups": .array([.string("pupils"), .string("staff"), .string("chess")]),
        ]
        return claims.merging(changes) { $1 }.filter { $1 != .null }
    }

    private func verdict(_ claims: [String: JSONValue]) throws -> TokenVerdict<TokenClaims> {
        let issuer = school.issuer(
            [.edDSA], claim: "groups", roles: ["pupils": .student, "staff": .teacher])
        var authority = TokenAuthority([.auth(name: TestTokens.issuer, audience: TestTokens.audience), issuer])
        _ = authority.use(try KeyRing(json: Data(school.keySet(.edDSA).utf8)), of: issuer)
        return Array(try school.token(.edDSA, claims: claims).utf8).withUnsafeBytes {
            authority.judge($0, now: now)
        }
    }

    @Test("are taken with the highest of the roles that it may give")
    func good() throws {
        guard case .valid(let taken) = try verdict(claims()) else {
            Issue.record("\(try verdict(claims()))")
            return
        }
        let expected = try #require(Identifier(Self.user))
        #expect(taken.subject == expected)
        #expect(taken.sessionID == expected)
        #expect(taken.role == .teacher)
        #expect(taken.assurance == .one)
        #expect(taken.issuedAt == now - 1)
    }

    @Test(
        "are refused without what a token must say, and for what is not for us",
        arguments: [
            ["aud": .string("other")], ["aud": .array([])], ["aud": .null], ["aud": .integer(1)],
            ["sub": .string("auth0|17")], ["sub": .null], ["iat": .null], ["iat": .string("now")], ["exp": .null],
            ["exp": .integer(1)], ["exp": .number(1e300)], ["nbf": .integer(.max)], ["nbf": .string("soon")],
            ["groups": .null], ["groups": .string("admin")], ["groups": .array([.string("admin"), .string("chess")])],
            ["groups": .object(["staff": .bool(true)])], ["iss": .string("lyceum")], ["iss": .null],
        ] as [[String: JSONValue]])
    func bad(change: [String: JSONValue]) throws {
        guard case .invalid = try verdict(claims(change)) else {
            Issue.record("\(try verdict(claims(change)))")
            return
        }
    }

    /// A verifier that reads the school's keys from a server, which `body` may change.
    private func withVerifier(
        _ body: @Sendable (TokenVerifier, NIOLockedValueBox<String?>) async throws -> Void
    ) async throws {
        let keySet = NIOLockedValueBox<String?>(nil)
        let router = Router()
        router.get("keys") { _, _ in
            guard let text = keySet.withLockedValue({ $0 }) else { throw HTTPError(.serviceUnavailable) }
            return text
        }
        let school = school
        try await Application(router: router).test(.live) { client async throws in
            let issuer = school.issuer([.edDSA], keys: "http://localhost:\(client.port ?? 0)/keys")
            let verifier = TokenVerifier(issuer: TestTokens.issuer, audience: TestTokens.audience, others: [issuer])
            try await body(verifier, keySet)
        }
    }

    private func status(of token: String, by verifier: TokenVerifier) async throws -> HTTPResponse.Status? {
        do {
            _ = try await verifier.verify(token)
            return nil
        } catch let problem as HTTPProblem {
            return problem.status
        }
    }

    @Test("can't be judged while their issuer gives no keys, and are good once it does; auth's are judged meanwhile")
    func unreachable() async throws {
        let school = school
        try await withVerifier { verifier, keySet async throws in
            let auth = try await TestTokens()
            try verifier.use(auth.keySet)
            let token = try school.token(.edDSA)
            #expect(try await status(of: token, by: verifier) == .serviceUnavailable)
            #expect(try await status(of: try await auth.token(.student), by: verifier) == nil)
            keySet.withLockedValue { $0 = school.keySet(.edDSA) }
            try await eventually { try await status(of: token, by: verifier) == nil }
        }
    }

    @Test("are verified with a key that is new, and no longer with one that went")
    func rotation() async throws {
        let school = school
        var successor = TestSigner(school.name)
        successor.keyID = "newer"
        let later = successor
        try await withVerifier { verifier, keySet async throws in
            keySet.withLockedValue { $0 = school.keySet(.edDSA) }
            let old = try school.token(.edDSA)
            let new = try later.token(.edDSA)
            #expect(try await status(of: old, by: verifier) == nil)
            #expect(try await status(of: new, by: verifier) == .unauthorized)
            keySet.withLockedValue { $0 = later.keySet(.edDSA) }
            try await eventually { try await status(of: new, by: verifier) == nil }
            #expect(try await status(of: old, by: verifier) == .unauthorized)
        }
    }

    @Test("end with what auth revokes of a user of the same id")
    func revocation() async throws {
        let school = school
        let token = try school.token(.edDSA, claims: claims(["role": .string("teacher")]))
        let user = try #require(Identifier(Self.user))
        try await withVerifier { verifier, keySet async throws in
            keySet.withLockedValue { $0 = school.keySet(.edDSA) }
            #expect(try await status(of: token, by: verifier) == nil)
            verifier.use(RevocationList(revocations: [.init(scope: .user, id: user, issuedUntil: .max)]))
            #expect(try await status(of: token, by: verifier) == .unauthorized)
        }
    }

    @Test("are set as a JSON list, with every fault told")
    func settings() throws {
        func read(_ text: String) -> (issuers: [TrustedIssuer], faults: [String]) {
            var reader = SettingsReader(environment: [
                "TOKEN_ISSUERS": text, "INTERNAL_SECRET": TestTokens.internalSecret,
            ])
            let settings = TokenSettings(from: &reader)
            return (settings.otherIssuers, reader.faults.map { "\($0.name) \($0.message)" })
        }
        #expect(read("").issuers == [])
        let good = read(
            """
            [{"issuer": "https://school.test", "audience": "lyceum-api", "keys": "https://school.test/keys",
              "algorithms": ["EdDSA"], "role_claim": "groups", "roles": {"staff": "teacher"}}]
            """)
        #expect(good.faults == [])
        #expect(
            good.issuers == [
                school.issuer(
                    [.edDSA], keys: "https://school.test/keys", claim: "groups", roles: ["staff": .teacher])
            ])
        let rest = #""keys": "keys.json", "algorithms": [], "roles": {}}"#
        #expect(
            read("[{\"issuer\": \"lyceum\", \"audience\": \"\", \(rest)]").faults == [
                "TOKEN_ISSUERS has an issuer or audience without a name", "TOKEN_ISSUERS has no algorithms for lyceum",
                "TOKEN_ISSUERS has no URL of a JWK set for lyceum", "TOKEN_ISSUERS has no roles for lyceum",
                "TOKEN_ISSUERS has two issuers named lyceum",
            ])
        for text in ["{}", "[{}]", "[", #"[{"issuer": "a", "audience": "b", "keys": "c", "algorithms": ["none"]}]"#] {
            #expect(read(text).faults.count == 1, "\(text)")
        }
    }
}
