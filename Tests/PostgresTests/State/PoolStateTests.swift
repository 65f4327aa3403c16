import Testing

@testable import Postgres

struct PoolStateTests {
    private let start = MonotonicTime(nanoseconds: 0)

    @Test func `connections open only when there is work`() {
        var pool = makePool(connections: 4)
        #expect(pool.slotToDial(now: start) == nil)
        _ = pool.enqueue(statement: 1)
        #expect(pool.slotToDial(now: start) == 0)
        #expect(pool.slotToDial(now: start) == nil)
    }

    @Test func `another connection opens when statements begin to share one`() {
        var pool = makePool(connections: 4, open: 1)
        pool.run(2, now: start)
        #expect(pool.slotToDial(now: start) == 1)
    }

    @Test func `one statement at a time needs one connection`() {
        var pool = makePool(connections: 4, open: 1)
        pool.run(1, now: start)
        #expect(pool.slotToDial(now: start) == nil)
    }

    @Test func `statements go to the least loaded connection`() {
        var pool = makePool(connections: 2, open: 2)
        #expect(pool.run(5, now: start) == [0, 1, 0, 1, 0])
        pool.answered(1, now: start)
        pool.answered(1, now: start)
        #expect(pool.run(2, now: start) == [1, 1])
    }

    @Test func `no connection gets more than its depth`() {
        var pool = makePool(connections: 1, open: 1)
        #expect(pool.run(20, now: start).count == 16)
        #expect(pool.queued == 4)
    }

    @Test func `a connection that is held up gets nothing more`() {
        var pool = makePool(connections: 2, open: 2)
        pool.run(1, now: start)
        let later = start.advanced(by: .milliseconds(11))
        #expect(pool.run(3, now: later) == [1, 1, 1])
        pool.answered(0, now: later)
        #expect(pool.run(1, now: later) == [0])
    }

    @Test func `a quarantined connection gets nothing`() {
        var pool = makePool(connections: 2, open: 2)
        pool.setQuarantined(0, true)
        #expect(pool.run(2, now: start) == [1, 1])
    }

    @Test func `beyond the limit nothing is queued`() {
        var pool = makePool(connections: 1, queued: 2)
        #expect(pool.enqueue(statement: 1) == true)
        #expect(pool.enqueue(lease: 2) == true)
        #expect(pool.enqueue(statement: 3) == false)
        #expect(pool.enqueue(lease: 4) == false)
    }

    @Test func `attempts to connect pause while they fail, and there is one at a time`() {
        var pool = makePool(connections: 4)
        for statement in 0..<4 { _ = pool.enqueue(statement: statement) }
        let slot = pool.slotToDial(now: start)
        pool.failedToOpen(slot ?? -1, now: start, jitter: 1)
        #expect(pool.slotToDial(now: start) == nil)
        let later = pool.nextDial
        #expect(later == start.advanced(by: .milliseconds(50)))
        #expect(pool.slotToDial(now: later) == 0)
        #expect(pool.slotToDial(now: later) == nil)
    }

    @Test func `a connection that was lost is opened again`() {
        var pool = makePool(connections: 1, open: 1)
        pool.run(1, now: start)
        pool.closed(0)
        _ = pool.enqueue(statement: 2)
        #expect(pool.slotToDial(now: start) == 0)
        #expect(pool.inFlight == 0)
    }

    @Test func `what is removed does not run`() {
        var pool = makePool(connections: 1, open: 1)
        _ = pool.enqueue(statement: 1)
        _ = pool.enqueue(statement: 2)
        let removed = pool.remove { $0 == 1 }
        #expect(removed == [1])
        #expect(pool.next(now: start)?.request == 2)
    }
}

func makePool(connections: Int, queued: Int = 100, open: Int = 0) -> PoolState<Int> {
    var pool = PoolState<Int>(
        limits: .init(connections: connections, queued: queued, depth: 16, stallNanoseconds: 10_000_000))
    for slot in 0..<open { pool.opened(slot) }
    return pool
}

extension PoolState<Int> {
    /// Enqueues that many statements. Returns the slots they were given to.
    @discardableResult
    mutating func run(_ count: Int, now: MonotonicTime) -> [Int] {
        for statement in 0..<count { _ = enqueue(statement: statement) }
        var slots: [Int] = []
        while let decision = next(now: now) { slots.append(decision.slot) }
        return slots
    }
}

extension PoolState.Decision {
    var slot: Int {
        switch self {
        case .run(_, let slot), .lease(_, let slot): slot
        }
    }

    var request: Request {
        switch self {
        case .run(let request, _), .lease(let request, _): request
        }
    }
}
