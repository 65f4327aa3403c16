import Testing

@testable import Postgres

struct CancellationTests {
    private var state = ConnectionState<Int>(statementCapacity: 8)
    private let start = MonotonicTime(nanoseconds: 0)

    private mutating func answerHead() {
        _ = state.received(.result)
        _ = state.received(.result)
        _ = state.received(.sync(inTransaction: false))
    }

    @Test mutating func `as long as somebody's statement could be hit, nothing is cancelled`() {
        _ = state.sendStatement(1, sql: "a")
        _ = state.sendStatement(2, sql: "b")
        state.abandon { $0 == 1 }
        #expect(state.settle(now: start) == .none)
        #expect(!state.isQuarantined)

        state.abandon { $0 == 2 }
        #expect(state.settle(now: start) == .sendRequest)
        #expect(state.isQuarantined)
    }

    @Test mutating func `the quarantine lasts until the answer and the request are both back`() {
        _ = state.sendStatement(1, sql: "a")
        state.abandon { $0 == 1 }
        _ = state.settle(now: start)
        answerHead()
        #expect(state.settle(now: start) == .none)
        #expect(state.isQuarantined)

        state.cancelReturned(succeeded: true, now: start)
        #expect(state.settle(now: start) == .none)
        #expect(!state.isQuarantined)
    }

    @Test mutating func `a request that came too early is repeated after a while`() {
        _ = state.sendStatement(1, sql: "a")
        state.abandon { $0 == 1 }
        _ = state.settle(now: start)
        state.cancelReturned(succeeded: true, now: start)
        #expect(state.settle(now: start) == .none)
        #expect(state.cancellation.nextStep == start.advanced(by: Cancellation.interval))
        #expect(state.settle(now: start.advanced(by: Cancellation.interval)) == .sendRequest)
    }

    @Test mutating func `a connection that does not answer is given up`() {
        _ = state.sendStatement(1, sql: "a")
        state.abandon { $0 == 1 }
        _ = state.settle(now: start)
        #expect(state.settle(now: start.advanced(by: Cancellation.patience)) == .giveUp)
    }

    @Test mutating func `a connection whose server can't be reached for the request is given up`() {
        _ = state.sendStatement(1, sql: "a")
        state.abandon { $0 == 1 }
        _ = state.settle(now: start)
        state.cancelReturned(succeeded: false, now: start)
        #expect(state.settle(now: start) == .giveUp)
    }

    @Test mutating func `a rollback is never cancelled`() {
        state.send(.rollback, for: 1)
        #expect(state.settle(now: start) == .none)
    }

    @Test mutating func `housekeeping alone is left to end`() {
        state.send(.housekeeping, for: nil)
        #expect(state.settle(now: start) == .none)
        #expect(!state.isQuarantined)
    }
}
