import Foundation
import JWTKit
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Gateway

@Suite struct TokenJudgeTests {
    private let tokens: TestTokens
    private var judge = TokenJudge(issuers: [.test], cacheCapacity: 64)
    private let now = Int(Date().timeIntervalSince1970)

    init() async throws {
        tokens = try await TestTokens()
        judge.use(try KeyRing(json: JSONEncoder().encode(tokens.keySet)), of: .test)
    }

    private mutating func verdict(_ token: String, at time: Int? = nil) -> String {
        let verdict = Array(token.utf8).withUnsafeBytes { judge.judge($0, now: time ?? now) }
        return switch verdict {
        case .valid: "valid"
        case .invalid: "invalid"
        case .unknownKey: "unknown key"
        case .noKeys: "no keys"
        }
    }

    @Test mutating func aGoodTokenIsVerifiedOnceAndThenRemembered() async throws {
        let token = try await tokens.token(.teacher)
        for _ in 0..<3 { #expect(verdict(token) == "valid") }
        let counts = judge.takeCounts()
        #expect(counts.misses == 1)
        #expect(counts.hits == 2)
    }

    @Test mutating func aTokenWithAnyBitChangedIsInvalid() async throws {
        let token = try await tokens.token(.student)
        #expect(verdict(token) == "valid")
        for index in 0..<token.utf8.count {
            var bytes = Array(token.utf8)
            bytes[index] ^= 1
            #expect(verdict(String(decoding: bytes, as: UTF8.self)) != "valid", "byte \(index)")
        }
    }

    @Test mutating func tokensThatAreWrongInOneWayAreInvalid() async throws {
        #expect(verdict(try await tokens.token(.admin, audience: "internal")) == "invalid")
        #expect(verdict(try await tokens.token(.admin, issuer: "somebody")) == "invalid")
        #expect(verdict(try await tokens.token(.admin, lifetime: -1)) == "invalid")
        #expect(verdict(try await tokens.token(.admin, signedWith: ES256PrivateKey())) == "invalid")
        #expect(verdict(try await tokens.unsignedToken(.admin)) == "invalid")
        #expect(verdict(try await tokens.serviceToken()) == "invalid")
        for garbage in ["", ".", "..", "...", "a.b.c", String(repeating: "a", count: 5000), "\u{0}.\u{1}.\u{2}"] {
            #expect(verdict(garbage) == "invalid")
        }
    }

    @Test mutating func aRememberedTokenExpires() async throws {
        let token = try await tokens.token(.student, lifetime: 10)
        #expect(verdict(token) == "valid")
        #expect(verdict(token, at: now + 9) == "valid")
        #expect(verdict(token, at: now + 11) == "invalid")
    }

    @Test mutating func aRememberedTokenIsRevokedWithItsSessionOrItsUser() async throws {
        for scope in [Revocation.Scope.session, .user] {
            let id = Identifier()
            let token = try await tokens.token(
                .student, user: scope == .user ? id : Identifier(), session: scope == .session ? id : Identifier())
            let other = try await tokens.token(.student)
            #expect(verdict(token) == "valid")
            judge.use(Revocations(.init(revocations: [.init(scope: scope, id: id, issuedUntil: now + 1)])))
            #expect(verdict(token) == "invalid")
            #expect(verdict(other) == "valid")
            // One that was issued after it is good again.
            let later = try await tokens.token(
                .student, user: id, session: id, issuedAt: Date(timeIntervalSince1970: Double(now + 2)))
            #expect(verdict(later) == "valid")
            judge.use(Revocations())
        }
    }

    @Test mutating func whatAKeySignedGoesWithIt() async throws {
        let token = try await tokens.token(.student)
        #expect(verdict(token) == "valid")
        let other = try await TestTokens()
        judge.use(try KeyRing(json: JSONEncoder().encode(other.keySet)), of: .test)
        #expect(verdict(token) == "invalid")
        judge.use(KeyRing(), of: .test)
        #expect(verdict(token) == "no keys")
    }
}
