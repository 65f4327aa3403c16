import NIOCore
import Testing

@testable import Gateway

@Suite struct RateBucketsTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let rule = RateRule(requests: 10, window: .seconds(20))
    private var buckets = RateBuckets(capacity: 64)

    private mutating func take(_ key: Int, _ rule: RateRule? = nil, at time: NIODeadline) -> RateVerdict {
        buckets.take(key, rule ?? self.rule, now: time)
    }

    @Test mutating func soManyAreAllowedAtOnceAndNoMore() {
        let verdicts = (0..<12).map { _ in take(1, at: start) }
        #expect(verdicts.map(\.isAllowed) == Array(repeating: true, count: 10) + [false, false])
        #expect(verdicts.map(\.remaining) == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0])
        #expect(verdicts.map(\.reset) == [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 20, 20])
        #expect(verdicts.last?.retryAfter == 2)
    }

    @Test mutating func theyComeBackEvenly() {
        for _ in 0..<10 { _ = take(1, at: start) }
        for second in [2, 4, 6] as [Int64] {
            let time = start + .seconds(second)
            #expect(!take(1, at: time - .nanoseconds(1)).isAllowed)
            #expect(take(1, at: time).isAllowed)
            #expect(!take(1, at: time).isAllowed)
        }
    }

    @Test mutating func whoIsRefusedLosesNothingByAsking() {
        for _ in 0..<10 { _ = take(1, at: start) }
        for _ in 0..<100 { #expect(!take(1, at: start + .seconds(1)).isAllowed) }
        #expect(take(1, at: start + .seconds(2)).isAllowed)
    }

    @Test mutating func clientsAreCountedApart() {
        for _ in 0..<10 { _ = take(1, at: start) }
        #expect(take(2, at: start).remaining == 9)
        #expect(!take(1, at: start).isAllowed)
    }

    @Test mutating func aFloodOfClientsForgetsThoseWhoHaveUsedLeast() {
        for _ in 0..<10 { _ = take(0, at: start) }
        // All in the set of the first one.
        for client in 1..<1000 { _ = take(client << 32, at: start) }
        #expect(!take(0, at: start).isAllowed)
    }

    @Test mutating func aRuleThatChangedHoldsAtOnce() {
        for _ in 0..<10 { _ = take(1, at: start) }
        #expect(take(1, RateRule(requests: 100, window: .seconds(200)), at: start).isAllowed)
        #expect(!take(1, RateRule(requests: 1, window: .seconds(1)), at: start).isAllowed)
    }

    @Test(arguments: [
        "read", "read=1", "read=0/1", "read=1/0", "all=1/1", "read=1/1,read=2/2", "read=a/b", "read=1/2/3",
    ])
    func aRuleThatCantBeReadIsRefused(_ text: String) {
        #expect(RateRules(text) == nil)
    }

    @Test func rulesAreReadByKind() throws {
        let rules = try #require(RateRules("write=5/60,login=1/2"))
        #expect(rules.read == nil)
        #expect(rules.write == RateRule(requests: 5, window: .seconds(60)))
        #expect(rules.login == RateRule(requests: 1, window: .seconds(2)))
    }
}
