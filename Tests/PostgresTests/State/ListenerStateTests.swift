import Testing

@testable import Postgres

struct ListenerStateTests {
    private var state = ListenerState<Int>()
    private let start = MonotonicTime(nanoseconds: 0)

    @Test mutating func `it connects when somebody listens`() {
        #expect(state.dials(now: start) == false)
        state.subscribe(1, to: "a")
        #expect(state.dials(now: start) == true)
        #expect(state.dials(now: start) == false)
    }

    @Test mutating func `each channel is listened on once, and no longer than somebody wants it`() {
        state.subscribe(1, to: "a")
        state.subscribe(2, to: "a")
        _ = state.dials(now: start)
        state.opened()
        #expect(state.nextCommand() == .listen("a"))
        #expect(state.nextCommand() == nil)
        state.answered()
        #expect(state.nextCommand() == nil)

        state.unsubscribe(1, from: "a")
        #expect(state.nextCommand() == nil)
        state.unsubscribe(2, from: "a")
        #expect(state.nextCommand() == .unlisten("a"))
        state.answered()
        #expect(!state.isWanted)
    }

    @Test mutating func `after a loss it pauses, connects and listens again`() {
        state.subscribe(1, to: "a")
        _ = state.dials(now: start)
        state.opened()
        _ = state.nextCommand()
        state.answered()

        state.lost(now: start, jitter: 1)
        #expect(state.dials(now: start) == false)
        #expect(state.dials(now: state.nextDial) == true)
        state.opened()
        #expect(state.nextCommand() == .listen("a"))
    }
}
