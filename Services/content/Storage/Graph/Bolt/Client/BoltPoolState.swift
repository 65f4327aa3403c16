import Collections

/// Which connections to one server are free, and who waits for one. A place is taken by whoever has a connection, or is
/// about to open one. Knows no sockets, and is told the time.
struct BoltPoolState<Connection: Sendable> {
    typealias Instant = ContinuousClock.Instant

    struct Limits {
        var connections: Int
        var lifetime: Duration
        var idleBeforeCheck: Duration
    }

    /// What whoever has got a place does with it.
    enum Place: Sendable {
        case open
        /// - Parameter needsCheck: it has been idle for so long that it may be dead.
        case use(Connection, openedAt: Instant, needsCheck: Bool)
    }

    enum Request: Sendable {
        case granted(Place)
        case waits
        case closed
    }

    private struct Idle {
        let connection: Connection
        let openedAt: Instant
        let since: Instant
    }

    let limits: Limits
    private(set) var taken = 0
    private(set) var isClosed = false
    private var idle: [Idle] = []
    private var waiters: Deque<Int> = []
    private var lastWaiter = 0
    /// Connections opened until then are not used any more.
    private var expiry: Instant?

    var idleCount: Int { idle.count }
    var waiting: Int { waiters.count }

    init(limits: Limits) {
        self.limits = limits
    }

    /// - Returns: also the connections to close, for they are too old.
    mutating func request(now: Instant) -> (Request, outdated: [Connection]) {
        guard !isClosed else { return (.closed, []) }
        guard taken < limits.connections else { return (.waits, []) }
        taken += 1
        let (place, outdated) = place(now: now)
        return (.granted(place), outdated)
    }

    /// For one whose connection turned out to be dead.
    mutating func replacement(now: Instant) -> (Place, outdated: [Connection]) {
        place(now: now)
    }

    /// For one whose request ``Request/waits``.
    mutating func enqueue() -> Int {
        lastWaiter += 1
        waiters.append(lastWaiter)
        return lastWaiter
    }

    /// - Returns: whether it was still waiting.
    mutating func forget(_ waiter: Int) -> Bool {
        guard let index = waiters.firstIndex(of: waiter) else { return false }
        waiters.remove(at: index)
        return true
    }

    /// A place is given back, with its connection if that can be used again.
    ///
    /// - Returns: who has the place now, if somebody waited, and the connections to close.
    mutating func release(
        _ connection: (Connection, openedAt: Instant)?, now: Instant
    ) -> (next: (waiter: Int, Place)?, outdated: [Connection]) {
        if let connection { idle.append(Idle(connection: connection.0, openedAt: connection.openedAt, since: now)) }
        guard !isClosed else {
            taken -= 1
            return (nil, drain())
        }
        guard let waiter = waiters.popFirst() else {
            taken -= 1
            return (nil, [])
        }
        let (place, outdated) = place(now: now)
        return ((waiter, place), outdated)
    }

    /// From now on none of the connections that are open is used again, those that come back later included.
    ///
    /// - Returns: the connections to close.
    mutating func expire(now: Instant) -> [Connection] {
        expiry = now
        return drain()
    }

    /// - Returns: the connections to close, and who waits in vain.
    mutating func close() -> (idle: [Connection], waiters: [Int]) {
        isClosed = true
        defer { waiters = [] }
        return (drain(), Array(waiters))
    }

    /// The connection used last is used next, so that those beyond the need grow old.
    private mutating func place(now: Instant) -> (Place, outdated: [Connection]) {
        let outdated = idle.filter { isOutdated($0, now) }
        idle = idle.filter { !isOutdated($0, now) }
        guard let last = idle.popLast() else { return (.open, outdated.map(\.connection)) }
        let needsCheck = last.since.duration(to: now) >= limits.idleBeforeCheck
        return (
            .use(last.connection, openedAt: last.openedAt, needsCheck: needsCheck), outdated.map(\.connection)
        )
    }

    private func isOutdated(_ connection: Idle, _ now: Instant) -> Bool {
        connection.openedAt.duration(to: now) >= limits.lifetime || expiry.map { connection.openedAt <= $0 } == true
    }

    private mutating func drain() -> [Connection] {
        defer { idle = [] }
        return idle.map(\.connection)
    }
}

extension BoltPoolState.Place: Equatable where Connection: Equatable {}
extension BoltPoolState.Request: Equatable where Connection: Equatable {}
