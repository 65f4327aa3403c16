import DequeModule
import NIOCore

/// Which endpoint and connection serves a request, or that it must wait, or go: everything one event loop decides about
/// one service. A value without clock or sockets; `ProxyLoop` carries its decisions out.
struct ServicePool<Connection: AnyObject, Waiter: AnyObject> {
    enum Decision {
        case reuse(Connection, EndpointID)
        case connect(EndpointID, SocketAddress)
        /// Comes back by `nextWaiter` or `expiredWaiters`.
        case queued
        case refused(Refusal)
    }

    enum Refusal: Equatable {
        case noEndpoint
        case full
        /// Most of what the service is asked comes to nothing just now.
        case circuitOpen
        /// There have been too many retries for the number of requests.
        case noRetryLeft
    }

    private struct Waiting {
        var waiter: Waiter
        var deadline: NIODeadline
    }

    private(set) var endpoints: [Endpoint<Connection>] = []
    private(set) var inWork = 0
    private var queue: Deque<Waiting> = []
    private var nextID = 0
    var limits: PoolLimits {
        didSet {
            if limits.retries != oldValue.retries { retries = RetryBudget(limits.retries, now: .distantPast) }
            if limits.breaker != oldValue.breaker { breaker = CircuitBreaker(limits.breaker) }
        }
    }
    private var retries: RetryBudget
    private(set) var breaker: CircuitBreaker

    init(limits: PoolLimits) {
        self.limits = limits
        retries = RetryBudget(limits.retries, now: .distantPast)
        breaker = CircuitBreaker(limits.breaker)
    }

    var queued: Int { queue.count }

    // MARK: Requests

    /// A new request asks for a connection.
    mutating func admit(
        _ waiter: Waiter, now: NIODeadline, using random: inout some RandomNumberGenerator
    ) -> Decision {
        guard breaker.admits(now: now) else { return .refused(.circuitOpen) }
        retries.noteRequest()
        guard inWork < limits.concurrentRequests else {
            guard queue.count < limits.queuedRequests else { return .refused(.full) }
            queue.append(Waiting(waiter: waiter, deadline: now + limits.queueTime))
            return .queued
        }
        return assign(now: now, using: &random)
    }

    /// A request whose turn has come asks for a connection.
    mutating func assign(now: NIODeadline, using random: inout some RandomNumberGenerator) -> Decision {
        guard let index = choose(now: now, avoiding: [], using: &random) else { return .refused(.noEndpoint) }
        return give(index, fresh: false)
    }

    /// A request that endpoints failed, and that was released, asks for another try.
    ///
    /// - Parameters:
    ///   - failed: the endpoints, the latest last; not one of them is asked again while there is another.
    ///   - mayStay: whether the latest may be asked again at all, as when a kept connection was closed for its age.
    mutating func retry(
        now: NIODeadline, after failed: [EndpointID], mayStay: Bool, using random: inout some RandomNumberGenerator
    ) -> Decision {
        guard
            let index = choose(now: now, avoiding: failed, using: &random)
                ?? (mayStay ? endpoints.firstIndex { $0.id == failed.last && $0.isEligible } : nil)
        else { return .refused(.noEndpoint) }
        guard retries.take(now: now) else { return .refused(.noRetryLeft) }
        return give(index, fresh: failed.contains(endpoints[index].id))
    }

    private mutating func give(_ index: Int, fresh: Bool) -> Decision {
        inWork += 1
        endpoints[index].outstanding += 1
        if !fresh, let idle = endpoints[index].idle.popLast() {
            return .reuse(idle.connection, endpoints[index].id)
        }
        return .connect(endpoints[index].id, endpoints[index].address)
    }

    /// A request has ended at this endpoint.
    ///
    /// - Parameter connection: where it may be used again.
    /// - Returns: whether `connection` was taken back; otherwise it is to be closed.
    mutating func release(_ id: EndpointID, connection: Connection?, now: NIODeadline) -> Bool {
        inWork -= 1
        guard let index = index(of: id) else { return false }
        endpoints[index].outstanding -= 1
        guard !endpoints[index].isRemoved else {
            if endpoints[index].outstanding == 0 { endpoints.remove(at: index) }
            return false
        }
        guard let connection else { return false }
        endpoints[index].idle.append(.init(connection: connection, since: now))
        return true
    }

    /// The request that waits longest, if there is room for it now; it then calls `assign`.
    mutating func nextWaiter() -> Waiter? {
        inWork < limits.concurrentRequests ? queue.popFirst()?.waiter : nil
    }

    mutating func cancel(_ waiter: Waiter) {
        queue.removeAll { $0.waiter === waiter }
    }

    mutating func expiredWaiters(now: NIODeadline) -> [Waiter] {
        var expired: [Waiter] = []
        while let first = queue.first, first.deadline <= now {
            expired.append(first.waiter)
            queue.removeFirst()
        }
        return expired
    }

    /// What became of a request in the end: whether the service gave an answer, whatever it said.
    mutating func ended(answered: Bool, now: NIODeadline) {
        breaker.note(success: answered, now: now)
    }

    // MARK: What endpoints did

    /// An endpoint's answer has begun.
    ///
    /// - Parameter time: since it had the whole request.
    mutating func answered(_ id: EndpointID, status: UInt16, after time: TimeAmount, now: NIODeadline) {
        // What else is wrong with a service is wrong at all its endpoints; these say that this one can't serve.
        let isGood = (status < 502 || status > 504) && time < limits.endpoints.slowAnswer
        note(id, isGood: isGood, now: now)
    }

    /// An endpoint cut a connection, said what can't be read, or nothing in time.
    mutating func failed(_ id: EndpointID, now: NIODeadline) {
        note(id, isGood: false, now: now)
    }

    /// Never more than half of the endpoints are ejected at once.
    private mutating func note(_ id: EndpointID, isGood: Bool, now: NIODeadline) {
        guard let index = index(of: id), endpoints[index].answered(well: isGood, now: now, limits.endpoints) else {
            return
        }
        let present = endpoints.count { !$0.isRemoved }
        let ejected = endpoints.count { !$0.isRemoved && $0.isEjected(at: now) }
        if (ejected + 1) * 2 <= present { endpoints[index].eject(now: now, limits.endpoints) }
    }

    mutating func connectFailed(_ id: EndpointID, now: NIODeadline) {
        if let index = index(of: id) { endpoints[index].connectFailed(at: now) }
    }

    mutating func connectSucceeded(_ id: EndpointID) {
        if let index = index(of: id) { endpoints[index].connectSucceeded() }
    }

    // MARK: Connections

    /// An idle connection was closed by the other side.
    mutating func lost(_ connection: Connection, of id: EndpointID) {
        guard let index = index(of: id) else { return }
        endpoints[index].idle.removeAll { $0.connection === connection }
    }

    /// Takes out the connections that were not used for too long.
    mutating func staleConnections(now: NIODeadline) -> [Connection] {
        var stale: [Connection] = []
        for index in endpoints.indices {
            let old = endpoints[index].idle.prefix { $0.since + limits.idleTime <= now }
            stale += old.map(\.connection)
            endpoints[index].idle.removeFirst(old.count)
        }
        return stale
    }

    // MARK: Endpoints

    /// Takes this whole list in place of the one known before.
    ///
    /// - Returns: idle connections of endpoints that went, or that are down, to be closed.
    mutating func use(_ states: [EndpointState], now: NIODeadline) -> [Connection] {
        var orphans: [Connection] = []
        for index in endpoints.indices.reversed() where !endpoints[index].isRemoved {
            let state = states.first { $0.address == endpoints[index].address }
            if let state { endpoints[index].use(state.health, now: now) }
            guard state == nil || state?.health == .down else { continue }
            orphans += endpoints[index].idle.map(\.connection)
            endpoints[index].idle = []
            guard state == nil else { continue }
            endpoints[index].isRemoved = true
            if endpoints[index].outstanding == 0 { endpoints.remove(at: index) }
        }
        let joinsOthers = endpoints.contains(where: \.isEligible)
        for state in states
        where !endpoints.contains(where: { $0.address == state.address && !$0.isRemoved }) {
            endpoints.append(
                Endpoint(
                    id: EndpointID(rawValue: nextID), address: state.address, health: state.health,
                    slowStartBegan: joinsOthers ? now : nil))
            nextID += 1
        }
        return orphans
    }

    func isDown(_ id: EndpointID) -> Bool {
        index(of: id).map { endpoints[$0].health == .down } ?? false
    }

    /// Whether an endpoint beside these could serve just now.
    func hasAlternative(to ids: [EndpointID], now: NIODeadline) -> Bool {
        endpoints.contains { !ids.contains($0.id) && $0.isPreferred(at: now) }
    }

    /// The less loaded of two taken at random among those that connecting did not fail to just now and that are not
    /// ejected, or, when there is none, among all that are not known to be down.
    ///
    /// When all are down, those that can be connected to are asked all the same: checks that fail everywhere at once tell
    /// of a host that is short of processor time, or of a gateway that can't check, more often than of a service that can
    /// do nothing; and one that can't says so itself.
    private func choose(
        now: NIODeadline, avoiding avoided: [EndpointID], using random: inout some RandomNumberGenerator
    ) -> Int? {
        guard endpoints.contains(where: \.isEligible) else {
            return lighterOfTwo(now, using: &random) {
                !avoided.contains(endpoints[$0].id) && endpoints[$0].isLastResort(at: now)
            }
        }
        if endpoints.count == 1 { return avoided.contains(endpoints[0].id) ? nil : 0 }
        return lighterOfTwo(now, using: &random) {
            !avoided.contains(endpoints[$0].id) && endpoints[$0].isPreferred(at: now)
        }
            ?? lighterOfTwo(now, using: &random) { !avoided.contains(endpoints[$0].id) && endpoints[$0].isEligible }
    }

    private func lighterOfTwo(
        _ now: NIODeadline, using random: inout some RandomNumberGenerator, among isCandidate: (Int) -> Bool
    ) -> Int? {
        var count = 0
        for index in endpoints.indices where isCandidate(index) { count += 1 }
        guard count > 0 else { return nil }
        let first = Int.random(in: 0..<count, using: &random)
        guard count > 1 else { return candidate(first, among: isCandidate) }
        // Another one, by leaving the first out of the count.
        var second = Int.random(in: 0..<(count - 1), using: &random)
        if second >= first { second += 1 }
        guard let one = candidate(first, among: isCandidate), let other = candidate(second, among: isCandidate) else {
            return nil
        }
        let (chosen, spare) =
            endpoints[other].outstanding < endpoints[one].outstanding ? (other, one) : (one, other)
        let weight = endpoints[chosen].weight(at: now, over: limits.endpoints.slowStart)
        return weight >= 1 || Double.random(in: 0..<1, using: &random) < weight ? chosen : spare
    }

    private func candidate(_ number: Int, among isCandidate: (Int) -> Bool) -> Int? {
        var left = number
        for index in endpoints.indices where isCandidate(index) {
            if left == 0 { return index }
            left -= 1
        }
        return nil
    }

    private func index(of id: EndpointID) -> Int? {
        endpoints.firstIndex { $0.id == id }
    }
}
