import Collections

/// Which statement goes to which connection, who gets a lease, and when connections open.
///
/// Statements share connections by pipelining; a transaction or COPY leases one whole. A connection whose statement
/// takes longer than a limit gets no more of them, so that a slow one holds up few others.
struct PoolState<Request> {
    struct Limits {
        let connections: Int
        let queued: Int
        /// Statements in flight on one connection.
        let depth: Int
        /// How long a statement may run before its connection gets no more of them.
        let stallNanoseconds: Int64

        /// All but one, so that leases never starve statements.
        var leases: Int { max(1, connections - 1) }
    }

    struct Slot {
        enum Phase { case empty, dialling, open }
        enum Use { case shared, reserved, leased }

        var phase = Phase.empty
        var use = Use.shared
        var inFlight = 0
        /// Since when the oldest statement in flight has been the one that runs.
        var headSince = MonotonicTime.never
        var isQuarantined = false
    }

    enum Decision {
        case run(Request, slot: Int)
        case lease(Request, slot: Int)
    }

    let limits: Limits
    var slots: [Slot]
    private(set) var statements: Deque<Request> = []
    private(set) var leases: Deque<Request> = []
    private(set) var backoff = Backoff()
    /// Whether any slot is reserved.
    var hasReservations = false
    private var leaseWasLast = false

    init(limits: Limits) {
        self.limits = limits
        slots = Array(repeating: Slot(), count: limits.connections)
    }

    // MARK: Queue

    /// - Returns: whether there was room.
    mutating func enqueue(statement: Request) -> Bool {
        guard queued < limits.queued else { return false }
        statements.append(statement)
        return true
    }

    /// - Returns: whether there was room.
    mutating func enqueue(lease: Request) -> Bool {
        guard queued < limits.queued else { return false }
        leases.append(lease)
        return true
    }

    /// Takes out of the queues what waits there.
    mutating func remove(where matches: (Request) -> Bool) -> [Request] {
        let removed = Array(statements.filter(matches)) + leases.filter(matches)
        if !removed.isEmpty {
            statements.removeAll(where: matches)
            leases.removeAll(where: matches)
        }
        return removed
    }

    // MARK: Connections

    mutating func opened(_ slot: Int) {
        slots[slot].phase = .open
        backoff.succeeded()
    }

    /// - Parameter jitter: between 0 and 1.
    mutating func failedToOpen(_ slot: Int, now: MonotonicTime, jitter: Double) {
        slots[slot] = Slot()
        backoff.failed(at: now, jitter: jitter)
    }

    mutating func closed(_ slot: Int) {
        slots[slot] = Slot()
    }

    /// Something was sent on a connection that `next` did not decide.
    mutating func sent(_ slot: Int, now: MonotonicTime) {
        slots[slot].inFlight += 1
        if slots[slot].inFlight == 1 { slots[slot].headSince = now }
    }

    mutating func answered(_ slot: Int, now: MonotonicTime) {
        slots[slot].inFlight -= 1
        slots[slot].headSince = now
    }

    mutating func setQuarantined(_ slot: Int, _ isQuarantined: Bool) {
        slots[slot].isQuarantined = isQuarantined
    }

    mutating func released(_ slot: Int) {
        slots[slot].use = .shared
    }

    // MARK: Decisions

    /// What to do next; to be asked until there is nothing.
    mutating func next(now: MonotonicTime) -> Decision? {
        // Where there is one connection for all, statements and leases take turns.
        let yields = limits.connections == 1 && leaseWasLast && !statements.isEmpty
        if !yields, let slot = slotForLease(now: now), let request = leases.popFirst() {
            slots[slot].use = .leased
            leaseWasLast = true
            return .lease(request, slot: slot)
        }
        if !statements.isEmpty, let slot = slotForStatement(now: now), let request = statements.popFirst() {
            sent(slot, now: now)
            leaseWasLast = false
            return .run(request, slot: slot)
        }
        return nil
    }

    /// The slot to open a connection in now, if another one is wanted; it is then dialling.
    mutating func slotToDial(now: MonotonicTime) -> Int? {
        guard let slot = slots.firstIndex(where: { $0.phase == .empty }), wantsConnection,
            backoff.failures == 0 || now >= backoff.until
        else { return nil }
        slots[slot].phase = .dialling
        return slot
    }

    /// When `slotToDial` may have another answer although nothing else happens.
    var nextDial: MonotonicTime {
        backoff.failures > 0 && wantsConnection ? backoff.until : .never
    }
}
