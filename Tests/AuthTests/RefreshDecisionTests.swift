import FoundationEssentials
import Testing

@testable import Auth

@Suite("What becomes of a presented refresh token")
struct RefreshDecisionTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)
    private let nonce: [UInt8] = [1, 2, 3]

    private func decide(_ change: (inout RefreshDecision.Facts) -> Void) -> RefreshDecision {
        var facts = RefreshDecision.Facts(expiresAt: now + 60, usedAt: nil, successorNonce: nil, isSessionLive: true)
        change(&facts)
        return RefreshDecision(facts, at: now, grace: .seconds(10))
    }

    @Test("unused, it is rotated")
    func rotates() {
        #expect(decide { _ in } == .rotate)
    }

    @Test("used within the time of grace, it gives the same successor", arguments: [0.0, 5, 10])
    func repeats(age: Double) {
        let decision = decide {
            $0.usedAt = now - age
            $0.successorNonce = nonce
        }
        #expect(decision == .repeatSuccessor(nonce: nonce))
    }

    @Test("used before that, it ends the session")
    func revokes() {
        let decision = decide {
            $0.usedAt = now - 10.001
            $0.successorNonce = nonce
        }
        #expect(decision == .revokeSession)
    }

    @Test("used, with the nonce swept away, it ends the session")
    func revokesWithoutNonce() {
        #expect(decide { $0.usedAt = now } == .revokeSession)
    }

    @Test("expired, or of a session that ended, it is refused, used or not", arguments: [true, false])
    func refuses(wasUsed: Bool) {
        let usedAt = wasUsed ? now - 3_600 : nil
        let expired = decide {
            $0.expiresAt = now
            $0.usedAt = usedAt
        }
        let ended = decide {
            $0.isSessionLive = false
            $0.usedAt = usedAt
        }
        #expect(expired == .refuse)
        #expect(ended == .refuse)
    }

    @Test("a successor follows from token and nonce together, and from neither alone")
    func successors() throws {
        let token = RefreshToken()
        let same = try #require(RefreshToken(token.description))
        #expect(token.successor(nonce: nonce) == same.successor(nonce: nonce))
        #expect(token.successor(nonce: nonce) != token.successor(nonce: [1, 2, 4]))
        #expect(token.successor(nonce: nonce) != RefreshToken().successor(nonce: nonce))
        #expect(token.description.utf8.count == 43)
        #expect(RefreshToken(token.successor(nonce: nonce).description) != nil)
    }

    @Test("text that can't be a token is none", arguments: ["", "short", String(repeating: "=", count: 43)])
    func refusesText(text: String) {
        #expect(RefreshToken(text) == nil)
    }
}
