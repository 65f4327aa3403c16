import NIOCore
import Testing

@testable import Gateway

@Suite struct RetryBudgetTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func taken(_ budget: inout RetryBudget, at time: NIODeadline) -> Int {
        var count = 0
        while budget.take(now: time) { count += 1 }
        return count
    }

    @Test func aFewAreThereFromTheStartAndComeBackWithTime() {
        var budget = RetryBudget(.init(share: 0.2, perSecond: 1), now: start)
        #expect(taken(&budget, at: start) == 10)
        #expect(taken(&budget, at: start + .seconds(3)) == 3)
        #expect(taken(&budget, at: start + .seconds(1000)) == 10)
    }

    @Test func fourRequestsPayForOneRetry() {
        var budget = RetryBudget(.init(share: 0.25, perSecond: 0), now: start)
        for _ in 0..<400 { budget.noteRequest() }
        #expect(taken(&budget, at: start) == 100)
    }

    @Test func whatIsSavedIsBounded() {
        var budget = RetryBudget(.init(share: 1, perSecond: 0), now: start)
        for _ in 0..<5000 { budget.noteRequest() }
        #expect(taken(&budget, at: start) == 1000)
    }
}
