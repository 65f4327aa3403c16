import Foundation
import JWTKit
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Gateway

@Suite struct AccessTests {
    private func bearer(_ token: String) -> String { "authorization: Bearer \(token)\r\n" }

    private func token(signedWith key: ES256PrivateKey, named name: JWKIdentifier) async throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        let claims = TokenClaims(
            issuer: TestTokens.issuer, audience: TestTokens.audience, subject: Identifier(), sessionID: Identifier(),
            role: .student, issuedAt: now, expiresAt: now + 60, tokenID: "1")
        return try await JWTKeyCollection().add(ecdsa: key, kid: name).sign(AccessTokenPayload(claims), kid: name)
    }

    @Test(arguments: [
        ("POST", "/auth/signup"), ("POST", "/auth/login"), ("POST", "/auth/refresh"), ("POST", "/auth/password/forgot"),
        ("POST", "/auth/password/reset"), ("POST", "/auth/email/verify"), ("GET", "/content"), ("GET", "/knowledge/1"),
        ("HEAD", "/media/1/content"), ("GET", "/graph/concepts"), ("GET", "/health"), ("GET", "/auth/login"),
        ("DELETE", "/auth/.well-known/jwks.json"), ("PUT", "/media/uploads/7/parts/1"),
    ])
    func openCallsNeedNoToken(_ method: String, _ path: String) async throws {
        try await withGateway { gateway in
            let answer = try await gateway.send("\(method) \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.status != 401)
        }
    }

    @Test(arguments: [
        ("GET", "/auth/me"), ("POST", "/auth/logout"), ("GET", "/auth/users"), ("POST", "/content"),
        ("PUT", "/content/1"),
        ("DELETE", "/media/1"), ("PATCH", "/knowledge/1"), ("GET", "/analytics/me"), ("POST", "/analytics/events"),
        ("OPTIONS", "/content"), ("POST", "/auth/login/x"), ("POST", "/media/uploads/7/complete"),
    ])
    func everythingElseNeedsOne(_ method: String, _ path: String) async throws {
        let content = try await TestUpstream.answering()
        try await withGateway(content: content) { gateway in
            let answer = try await gateway.send("\(method) \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.status == 401)
            #expect(answer["www-authenticate"] == "Bearer realm=\"lyceum\"")
            let token = try await gateway.tokens.token(.student)
            let admitted = try await gateway.send("\(method) \(path) HTTP/1.1\r\nHost: a\r\n\(bearer(token))\r\n")
            #expect(admitted.status == 200)
        }
    }

    @Test func aTokenThatIsNotGoodIsRefusedEvenWhereNoneIsNeeded() async throws {
        let content = try await TestUpstream.answering()
        try await withGateway(content: content) { gateway in
            let tokens = gateway.tokens
            for token in [
                "garbage", "", try await tokens.unsignedToken(.admin), try await tokens.token(.admin, lifetime: -1),
                try await tokens.token(.admin, signedWith: ES256PrivateKey()),
                try await tokens.token(.admin, audience: "internal"), try await tokens.serviceToken(),
            ] {
                let answer = try await gateway.get("/content", fields: bearer(token))
                #expect(answer.status == 401)
                #expect(answer["www-authenticate"]?.contains("error=\"invalid_token\"") == true)
                let problem = try WireJSON.decode(Problem.self, from: Data(answer.body.utf8))
                #expect(problem.status == 401)
                #expect(problem.requestID == answer["x-request-id"])
            }
            #expect(content.requests.isEmpty)
        }
    }

    @Test func aTokenThatWasGoodIsRefusedOnceItHasExpired() async throws {
        try await withGateway { gateway in
            let token = try await gateway.tokens.token(.student, lifetime: 2)
            #expect(try await gateway.get("/analytics/me", fields: bearer(token)).status == 200)
            #expect(try await gateway.get("/analytics/me", fields: bearer(token)).status == 200)
            try await eventually { try await gateway.get("/analytics/me", fields: bearer(token)).status == 401 }
        }
    }

    @Test func aRevokedSessionIsOutWithinSeconds() async throws {
        try await withGateway(threads: 2) { gateway in
            let session = Identifier()
            let token = try await gateway.tokens.token(.student, session: session)
            for _ in 0..<4 { #expect(try await gateway.get("/analytics/me", fields: bearer(token)).status == 200) }
            gateway.auth.revoke(.init(scope: .session, id: session, issuedUntil: Int(Date().timeIntervalSince1970) + 1))
            try await eventually(within: .seconds(5)) {
                for _ in 0..<4 where try await gateway.get("/analytics/me", fields: bearer(token)).status != 401 {
                    return false
                }
                return true
            }
        }
    }

    @Test func aNewKeyIsLookedUpWhenATokenNamesIt() async throws {
        try await withGateway { gateway in
            let key = ES256PrivateKey()
            let token = try await self.token(signedWith: key, named: "new")
            #expect(try await gateway.get("/analytics/me", fields: bearer(token)).status == 401)
            let parameters = key.publicKey.parameters
            let jwk = JWK.ecdsa(.es256, identifier: "new", x: parameters?.x, y: parameters?.y, curve: .p256)
            gateway.auth.use(JWKS(keys: gateway.tokens.keySet.keys + [jwk]))
            #expect(try await gateway.get("/analytics/me", fields: bearer(token)).status == 200)
            // With its key gone, a token is no longer good, remembered or not.
            gateway.auth.use(gateway.tokens.keySet)
            try await eventually { try await gateway.get("/analytics/me", fields: bearer(token)).status == 401 }
        }
    }

    @Test func whileAuthIsDownIssuedTokensWorkAndNothingIsOpened() async throws {
        try await withGateway { gateway in
            let known = try await gateway.tokens.token(.student)
            #expect(try await gateway.get("/analytics/me", fields: bearer(known)).status == 200)
            gateway.auth.setDown(true)
            try await eventually { try await gateway.get("/auth/.well-known/jwks.json").status == 503 }
            #expect(try await gateway.get("/analytics/me", fields: bearer(known)).status == 200)
            let fresh = try await gateway.tokens.token(.student)
            #expect(try await gateway.get("/analytics/me", fields: bearer(fresh)).status == 200)
            let forged = try await gateway.tokens.token(.admin, signedWith: ES256PrivateKey())
            #expect(try await gateway.get("/analytics/me", fields: bearer(forged)).status == 401)
            #expect(try await gateway.get("/analytics/me").status == 401)
        }
    }
}
