import Testing

@testable import Postgres

struct PoolStateLeaseTests {
    private let start = MonotonicTime(nanoseconds: 0)

    @Test func `a lease gets an idle connection, which statements then avoid`() {
        var pool = makePool(connections: 2, open: 2)
        _ = pool.enqueue(lease: 1)
        let decision = pool.next(now: start)
        #expect(decision?.slot == 0)
        #expect(pool.leased == 1)
        #expect(pool.run(2, now: start) == [1, 1])
        pool.released(0)
        #expect(pool.run(1, now: start) == [0])
    }

    @Test func `leases leave one connection to statements`() {
        var pool = makePool(connections: 3, open: 3)
        for lease in 0..<3 { _ = pool.enqueue(lease: lease) }
        #expect(pool.next(now: start) != nil)
        #expect(pool.next(now: start) != nil)
        #expect(pool.next(now: start) == nil)
        #expect(pool.run(1, now: start) == [2])
    }

    @Test func `a single connection can be leased`() {
        var pool = makePool(connections: 1, open: 1)
        _ = pool.enqueue(lease: 1)
        #expect(pool.next(now: start)?.request == 1)
        #expect(pool.run(1, now: start) == [])
        pool.released(0)
        #expect(pool.next(now: start) != nil)
    }

    @Test func `under load a connection is reserved until it is idle`() {
        var pool = makePool(connections: 2, open: 2)
        pool.run(5, now: start)
        _ = pool.enqueue(lease: 9)
        #expect(pool.next(now: start) == nil)
        #expect(pool.slots[1].use == .reserved)
        #expect(pool.run(1, now: start) == [0])

        pool.answered(1, now: start)
        #expect(pool.next(now: start) == nil)
        pool.answered(1, now: start)
        #expect(pool.next(now: start)?.request == 9)
        #expect(pool.slots[1].use == .leased)
    }

    @Test func `a lease does not wait for the reserved connection when another is idle`() {
        var pool = makePool(connections: 2, open: 2)
        pool.run(2, now: start)
        _ = pool.enqueue(lease: 9)
        _ = pool.next(now: start)
        #expect(pool.slots[0].use == .reserved)
        pool.answered(1, now: start)
        #expect(pool.next(now: start)?.slot == 1)
        #expect(pool.slots[0].use == .shared)
    }

    @Test func `a connection that is held up is reserved last`() {
        var pool = makePool(connections: 2, open: 2)
        pool.run(1, now: start)
        let later = start.advanced(by: .milliseconds(20))
        pool.run(3, now: later)
        _ = pool.enqueue(lease: 9)
        _ = pool.next(now: later)
        #expect(pool.slots[1].use == .reserved)
    }

    @Test func `on a single connection statements and leases take turns`() {
        var pool = makePool(connections: 1, open: 1)
        for lease in 1...2 { _ = pool.enqueue(lease: lease) }
        #expect(pool.next(now: start)?.request == 1)
        for statement in 11...12 { _ = pool.enqueue(statement: statement) }
        pool.released(0)
        #expect(pool.next(now: start)?.request == 11)
        #expect(pool.next(now: start) == nil)
        pool.answered(0, now: start)
        #expect(pool.next(now: start)?.request == 2)
    }

    @Test func `a reservation ends when nobody waits for it`() {
        var pool = makePool(connections: 2, open: 2)
        pool.run(4, now: start)
        _ = pool.enqueue(lease: 9)
        _ = pool.next(now: start)
        _ = pool.remove { $0 == 9 }
        _ = pool.next(now: start)
        #expect(pool.slots.allSatisfy { $0.use == .shared })
    }

    @Test func `a connection in quarantine is not leased`() {
        var pool = makePool(connections: 3, open: 1)
        pool.setQuarantined(0, true)
        _ = pool.enqueue(lease: 1)
        #expect(pool.next(now: start) == nil)
        pool.setQuarantined(0, false)
        #expect(pool.next(now: start) != nil)
    }

    @Test func `whatever happens, the counts add up`() {
        var random = SplitMix(seed: 7)
        var pool = makePool(connections: 3)
        var now = start
        var leased: Set<Int> = []
        for step in 0..<20_000 {
            now = now.advanced(by: .milliseconds(Int.random(in: 0...3, using: &random)))
            let slot = Int.random(in: 0..<3, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: _ = pool.enqueue(statement: step)
            case 1: _ = pool.enqueue(lease: step)
            case 2 where pool.slots[slot].phase == .dialling:
                if Bool.random(using: &random) {
                    pool.opened(slot)
                } else {
                    pool.failedToOpen(slot, now: now, jitter: 0.5)
                }
            case 3 where pool.slots[slot].inFlight > 0: pool.answered(slot, now: now)
            case 4 where leased.contains(slot):
                leased.remove(slot)
                pool.released(slot)
            case 5 where pool.slots[slot].phase == .open && step % 7 == 0:
                leased.remove(slot)
                pool.closed(slot)
            default: break
            }
            while let decision = pool.next(now: now) {
                if case .lease(_, let slot) = decision { leased.insert(slot) }
            }
            _ = pool.slotToDial(now: now)
            #expect(pool.leased == leased.count)
            #expect(pool.slots.count { $0.use != .shared } <= pool.limits.leases)
            #expect(
                pool.slots.allSatisfy { $0.inFlight <= pool.limits.depth && ($0.inFlight == 0 || $0.use != .leased) })
        }
    }
}

/// A generator whose sequence is the same in every run (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
