import Testing
import WireProtocol

@testable import Gateway

@Suite struct TokenCacheTests {
    private func token(expiresAt: Int) -> VerifiedToken {
        VerifiedToken(
            TokenClaims(
                issuer: "", audience: "", subject: Identifier(), sessionID: Identifier(), role: .student, issuedAt: 0,
                expiresAt: expiresAt, tokenID: ""))
    }

    private func bytes(_ number: Int) -> [UInt8] {
        Array("header.payload.\(number)".utf8)
    }

    @Test func aTokenIsFoundByAllItsBytesAndUntilItExpires() {
        var cache = TokenCache(capacity: 64)
        bytes(1).withUnsafeBytes { cache.insert(token(expiresAt: 100), for: $0, now: 0) }
        bytes(1).withUnsafeBytes { #expect(cache.token($0, now: 99) != nil) }
        bytes(1).withUnsafeBytes { #expect(cache.token($0, now: 100) == nil) }
        bytes(2).withUnsafeBytes { #expect(cache.token($0, now: 0) == nil) }
        // The same signature under another payload is another token.
        let long = [UInt8](repeating: 65, count: 100)
        long.withUnsafeBytes { cache.insert(token(expiresAt: 100), for: $0, now: 0) }
        ([66] + long.dropFirst()).withUnsafeBytes { #expect(cache.token($0, now: 0) == nil) }
    }

    @Test func itNeverGrowsAndGivesUpWhatExpiresFirst() {
        var cache = TokenCache(capacity: 64)
        #expect(cache.capacity == 64)
        for number in 0..<10_000 {
            bytes(number).withUnsafeBytes { cache.insert(token(expiresAt: 1000 + number), for: $0, now: 0) }
            #expect(cache.count <= 64)
            bytes(number).withUnsafeBytes { #expect(cache.token($0, now: 0) != nil) }
        }
        #expect(cache.count == 64)
        let kept = (0..<10_000).filter { number in bytes(number).withUnsafeBytes { cache.token($0, now: 0) != nil } }
        #expect(kept.allSatisfy { $0 > 9000 })
    }

    @Test func whatIsRemovedIsGone() {
        var cache = TokenCache(capacity: 64)
        for number in 0..<32 {
            bytes(number).withUnsafeBytes { cache.insert(token(expiresAt: number % 2 + 10), for: $0, now: 0) }
        }
        cache.removeAll { $0.claims.expiresAt == 10 }
        for number in 0..<32 {
            bytes(number).withUnsafeBytes { #expect((cache.token($0, now: 0) == nil) == (number % 2 == 0)) }
        }
    }
}
