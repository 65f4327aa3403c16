import Crypto
import FoundationEssentials
import HTTPTypes
import JWTKit
import PostgresTesting
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("Access tokens", .enabled(if: TestDatabase.isAvailable))
struct TokenTests {
    /// Signs with the service's own key, which only the database knows.
    private func sign(
        _ auth: AuthFixture, _ claims: TokenClaims, _ change: (inout TokenClaims) -> Void = { _ in }
    ) async throws -> String {
        var claims = claims
        change(&claims)
        let ring = SigningKeyRing()
        try await ring.use(try await PostgresTokenState(database: auth.database, tokenLifetime: 960).signingKeys())
        return try #require(try await ring.sign(claims))
    }

    private func status(_ auth: AuthFixture, _ token: String) async throws -> Int {
        try await auth.send(.get, "/auth/me", token: token).status.code
    }

    @Test("are refused when wrong in any one way")
    func refusals() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            #expect(try await status(auth, try await sign(auth, account.claims)) == 200)
            let now = Int(Date().timeIntervalSince1970)
            let forged = [
                "expired": try await sign(auth, account.claims) { $0.expiresAt = now - 1 },
                "other audience": try await sign(auth, account.claims) { $0.audience = "internal" },
                "other issuer": try await sign(auth, account.claims) { $0.issuer = "somebody" },
                "other key": try await TestTokens().token(.admin, user: account.id),
                "unsigned": try await TestTokens().unsignedToken(.admin),
                "service token": try await TestTokens().serviceToken(),
                "no signature": account.accessToken.split(separator: ".").dropLast().joined(separator: ".") + ".",
                "changed payload": try raised(account),
                "garbage": "x.y.z",
                "three dots": "...",
                "long": String(repeating: "x", count: 100_000),
            ]
            for (fault, token) in forged {
                let answer = try await auth.send(.get, "/auth/me", token: token)
                #expect(answer.status == .unauthorized, "\(fault)")
                #expect(answer.headers[.wwwAuthenticate] == #"Bearer error="invalid_token""#, "\(fault)")
            }
        }
    }

    /// The account's token with the role of an administrator written in.
    private func raised(_ account: Account) throws -> String {
        let parts = account.accessToken.split(separator: ".")
        let payload = String(decoding: try Account.segment(1, of: account.accessToken), as: UTF8.self)
            .replacing("student", with: "admin")
        return "\(parts[0]).\(Data(payload.utf8).base64URL).\(parts[2])"
    }

    @Test("expire though they were seen and remembered before")
    func expireFromMemory() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let soon = Int(Date().timeIntervalSince1970) + 2
            let token = try await sign(auth, account.claims) { $0.expiresAt = soon }
            #expect(try await status(auth, token) == 200)
            let deadline = ContinuousClock.now.advanced(by: .seconds(10))
            var last = 200
            while last == 200, ContinuousClock.now < deadline { last = try await status(auth, token) }
            #expect(last == 401)
        }
    }

    @Test("are refused by another replica within its next reading of the revocations")
    func otherReplica() async throws {
        try await withAuth { auth in
            let schema = auth.settings.database.schema
            try await withAuth([:], schema: schema, auth.database) { other in
                let account = try await auth.account()
                try await other.isReady()
                #expect(try await status(other, account.accessToken) == 200)
                _ = try await auth.send(.post, "/auth/logout", token: account.accessToken)
                let start = ContinuousClock.now
                var last = 200
                while last == 200, ContinuousClock.now - start < .seconds(15) {
                    last = try await status(other, account.accessToken)
                }
                #expect(last == 401)
            }
        }
    }

    @Test("are verified with the published keys, in the form of RFC 7517")
    func keySet() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let answer = try await auth.send(.get, "/auth/.well-known/jwks.json")
            guard case .array(let keys) = answer["keys"], let key = keys.first else {
                Issue.record("no keys in \(answer.body)")
                return
            }
            #expect(keys.count == 1)
            for (name, value) in ["kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256"] as [String: JSONValue] {
                #expect(key[name] == value)
            }
            for coordinate in ["x", "y"] { #expect(key[coordinate].string?.utf8.count == 43) }
            #expect(key["d"] == .null)
            let verifier = TokenVerifier(issuer: "lyceum", audience: "lyceum-api")
            try verifier.use(try WireJSON.decode(JWKS.self, from: try WireJSON.encode(answer.body)))
            #expect(try await verifier.verify(account.accessToken) == account.claims)
        }
    }
}
