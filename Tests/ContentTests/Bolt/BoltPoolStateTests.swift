import Testing

@testable import Content

@Suite("Bolt's pool, without connections")
struct BoltPoolStateTests {
    typealias State = BoltPoolState<String>
    let start = ContinuousClock().now

    private func pool(_ connections: Int = 2) -> State {
        State(limits: .init(connections: connections, lifetime: .seconds(3_600), idleBeforeCheck: .seconds(30)))
    }

    @Test("connections are opened up to the limit, then one waits in line")
    func bounded() {
        var pool = pool()
        for _ in 0..<2 { #expect(pool.request(now: start).0 == .granted(.open)) }
        #expect(pool.request(now: start).0 == .waits)
        let (first, second) = (pool.enqueue(), pool.enqueue())
        let (next, _) = pool.release(("a", start), now: start)
        #expect(next?.waiter == first && next?.1 == .use("a", openedAt: start, needsCheck: false))
        #expect(pool.release(nil, now: start).next?.waiter == second)
        #expect(pool.release(nil, now: start).next == nil)
        #expect(pool.taken == 1)
    }

    @Test("what is given back is used again, the last first, and checked when it was idle for long")
    func reuse() {
        var pool = pool()
        for _ in 0..<2 { _ = pool.request(now: start) }
        _ = pool.release(("a", start), now: start)
        _ = pool.release(("b", start), now: start + .seconds(20))
        let now = start + .seconds(40)
        #expect(pool.request(now: now).0 == .granted(.use("b", openedAt: start, needsCheck: false)))
        #expect(pool.request(now: now).0 == .granted(.use("a", openedAt: start, needsCheck: true)))
    }

    @Test("connections past their lifetime are closed, not used")
    func lifetime() {
        var pool = pool()
        _ = pool.request(now: start)
        _ = pool.release(("a", start), now: start)
        let (request, outdated) = pool.request(now: start + .seconds(3_600))
        #expect(request == .granted(.open) && outdated == ["a"])
    }

    @Test("what was open when all expired is closed: at once what is idle, else when it comes back")
    func expired() {
        var pool = pool()
        for _ in 0..<2 { _ = pool.request(now: start) }
        _ = pool.release(("idle", start), now: start)
        #expect(pool.expire(now: start + .seconds(1)) == ["idle"])
        _ = pool.release(("late", start), now: start + .seconds(2))
        let (request, outdated) = pool.request(now: start + .seconds(3))
        #expect(request == .granted(.open) && outdated == ["late"])
        _ = pool.release(("new", start + .seconds(3)), now: start + .seconds(4))
        #expect(
            pool.request(now: start + .seconds(5)).0
                == .granted(.use("new", openedAt: start + .seconds(3), needsCheck: false)))
    }

    @Test("who gave up waiting gets nothing, and takes nobody's place")
    func forgotten() {
        var pool = pool(1)
        _ = pool.request(now: start)
        let (first, second) = (pool.enqueue(), pool.enqueue())
        let forgotten = [pool.forget(first), pool.forget(first)]
        #expect(forgotten == [true, false])
        #expect(pool.release(("a", start), now: start).next?.waiter == second)
        let isLate = !pool.forget(second)
        #expect(isLate)
    }

    @Test("a closed pool grants nothing, and keeps nothing that comes back")
    func closed() {
        var pool = pool()
        for _ in 0..<2 { _ = pool.request(now: start) }
        let waiter = pool.enqueue()
        _ = pool.release(nil, now: start)
        _ = pool.request(now: start)
        let late = pool.enqueue()
        let (idle, waiters) = pool.close()
        #expect(idle.isEmpty && waiters == [late] && waiter != late)
        #expect(pool.release(("b", start), now: start).outdated == ["b"])
        #expect(pool.request(now: start).0 == .closed)
    }
}
