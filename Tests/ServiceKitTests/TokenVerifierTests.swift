import Foundation
import HTTPTypes
import JWTKit
import NIOConcurrencyHelpers
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@Suite("Access tokens")
struct TokenVerifierTests {
    @Test("of our issuer are accepted and name the caller")
    func good() async throws {
        let tokens = try await TestTokens()
        let user = Identifier()
        let claims = try await tokens.verifier.verify(try await tokens.token(.teacher, user: user))
        #expect(claims.subject == user)
        #expect(claims.role == .teacher)
    }

    @Test("that are wrong in any one way are refused with 401")
    func bad() async throws {
        let tokens = try await TestTokens()
        let wrong = [
            try await tokens.token(.admin, signedWith: ES256PrivateKey()),
            try await tokens.token(.admin, issuer: "somebody"),
            try await tokens.token(.admin, audience: "something"),
            try await tokens.token(.admin, issuedAt: Date(timeIntervalSinceNow: -1_000), lifetime: 900),
            try await tokens.unsignedToken(.admin),
            try await hmacSigned(with: tokens.key.publicKey.pemRepresentation),
            "", "a.b.c", "not a token", String(repeating: "x", count: 10_000),
        ]
        for token in wrong {
            #expect(await status(of: token, by: tokens.verifier) == .unauthorized, "\(token.prefix(40))")
        }
    }

    @Test("that were accepted are refused once they have expired")
    func expiredInMemory() async throws {
        let issuer = try await TestTokens()
        let clock = NIOLockedValueBox(Date())
        let verifier = TokenVerifier(
            issuer: TestTokens.issuer, audience: TestTokens.audience, now: { clock.withLockedValue { $0 } })
        try verifier.use(issuer.keySet)
        let token = try await issuer.token(.student, lifetime: 60)
        _ = try await verifier.verify(token)
        clock.withLockedValue { $0 += 61 }
        await #expect(throws: HTTPProblem.self) { try await verifier.verify(token) }
    }

    @Test("that were accepted are refused once their session or user is revoked", arguments: [true, false])
    func revoked(bySession: Bool) async throws {
        let tokens = try await TestTokens()
        let (user, session) = (Identifier(), Identifier())
        let token = try await tokens.token(.student, user: user, session: session)
        _ = try await tokens.verifier.verify(token)
        let revocation = Revocation(
            scope: bySession ? .session : .user, id: bySession ? session : user,
            issuedUntil: Int(Date().timeIntervalSince1970))
        tokens.verifier.use(RevocationList(revocations: [revocation]))
        await #expect(throws: HTTPProblem.self) { try await tokens.verifier.verify(token) }
        let later = try await tokens.token(
            .student, user: user, session: session, issuedAt: Date(timeIntervalSinceNow: 5))
        _ = try await tokens.verifier.verify(later)
    }

    @Test("of a key that went are refused, of one that came accepted")
    func rotation() async throws {
        let (old, new) = (try await TestTokens(), try await TestTokens())
        let token = try await old.token(.student)
        _ = try await old.verifier.verify(token)
        try old.verifier.use(JWKS(keys: []))
        await #expect(throws: HTTPProblem.self) { try await old.verifier.verify(token) }
        try old.verifier.use(new.keySet)
        _ = try await old.verifier.verify(try await new.token(.student))
    }

    @Test("can't be checked before keys are known, which is nobody's fault")
    func noKeys() async throws {
        let verifier = TokenVerifier(issuer: TestTokens.issuer, audience: TestTokens.audience)
        let token = try await TestTokens().token(.student)
        #expect(await status(of: token, by: verifier) == .serviceUnavailable)
    }

    /// `nil` when the token is accepted.
    private func status(of token: String, by verifier: TokenVerifier) async -> HTTPResponse.Status? {
        do {
            _ = try await verifier.verify(token)
            return nil
        } catch {
            return (error as? HTTPProblem)?.status
        }
    }

    /// The public key as an HMAC secret: the classic confusion of algorithms.
    private func hmacSigned(with publicKey: String) async throws -> String {
        let claims = TokenClaims(
            issuer: TestTokens.issuer, audience: TestTokens.audience, subject: Identifier(), sessionID: Identifier(),
            role: .admin, issuedAt: 0, expiresAt: .max, tokenID: "x")
        let keys = await JWTKeyCollection().add(
            hmac: HMACKey(from: publicKey), digestAlgorithm: .sha256, kid: "test-key")
        return try await keys.sign(AccessTokenPayload(claims), kid: "test-key")
    }
}

@Suite("Service tokens")
struct ServiceTokenTests {
    @Test("are accepted by who shares the secret")
    func good() async throws {
        let tokens = await ServiceTokens(service: "content", secret: TestTokens.internalSecret)
        #expect(try await tokens.verify(try await tokens.make()) == "content")
    }

    @Test("of another secret, expired ones, and users' tokens are refused")
    func bad() async throws {
        let tokens = await ServiceTokens(service: "content", secret: TestTokens.internalSecret)
        let other = await ServiceTokens(service: "content", secret: "another secret of 32 bytes or more")
        let past = await ServiceTokens(
            service: "content", secret: TestTokens.internalSecret, now: { Date(timeIntervalSinceNow: -120) })
        let wrong = [
            try await other.make(), try await past.make(), try await TestTokens().token(.admin), "x",
        ]
        for token in wrong {
            await #expect(throws: HTTPProblem.self) { try await tokens.verify(token) }
        }
    }
}
