import DequeModule
import NIOCore

/// How much one event loop may load one service.
struct PoolLimits: Sendable, Equatable {
    /// Requests in work at once.
    var concurrentRequests = 1024
    /// Requests that wait for one of those to end.
    var queuedRequests = 1024
    var queueTime = TimeAmount.seconds(5)
    /// How long a connection is kept without use.
    var idleTime = TimeAmount.seconds(30)
}

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
    }

    private struct Waiting {
        var waiter: Waiter
        var deadline: NIODeadline
    }

    private(set) var endpoints: [Endpoint<Connection>] = []
    private(set) var inWork = 0
    private var queue: Deque<Waiting> = []
    private var nextID = 0
    var limits: PoolLimits

    init(limits: PoolLimits) {
        self.limits = limits
    }

    var queued: Int { queue.count }

    // MARK: Requests

    /// A new request asks for a connection.
    mutating func admit(
        _ waiter: Waiter, now: NIODeadline, using random: inout some RandomNumberGenerator
    ) -> Decision {
        guard inWork < limits.concurrentRequests else {
            guard queue.count < limits.queuedRequests else { return .refused(.full) }
            queue.append(Waiting(waiter: waiter, deadline: now + limits.queueTime))
            return .queued
        }
        return assign(now: now, using: &random)
    }

    /// A request whose turn has come, or that must try elsewhere after `release`, asks for a connection.
    ///
    /// - Parameters:
    ///   - avoided: an endpoint that just failed it.
    ///   - fresh: whether the connection must be a new one.
    mutating func assign(
        now: NIODeadline, avoiding avoided: EndpointID? = nil, fresh: Bool = false,
        using random: inout some RandomNumberGenerator
    ) -> Decision {
        guard let index = choose(now: now, avoiding: avoided, using: &random) else { return .refused(.noEndpoint) }
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

    // MARK: Connections

    mutating func connectFailed(_ id: EndpointID, now: NIODeadline) {
        if let index = index(of: id) { endpoints[index].connectFailed(at: now) }
    }

    mutating func connectSucceeded(_ id: EndpointID) {
        if let index = index(of: id) { endpoints[index].connectSucceeded() }
    }

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
    /// - Returns: idle connections of endpoints that went, to be closed.
    mutating func use(_ states: [EndpointState]) -> [Connection] {
        var orphans: [Connection] = []
        for index in endpoints.indices.reversed()
        where !states.contains(where: { $0.address == endpoints[index].address }) {
            orphans += endpoints[index].idle.map(\.connection)
            endpoints[index].idle = []
            endpoints[index].isRemoved = true
            if endpoints[index].outstanding == 0 { endpoints.remove(at: index) }
        }
        for state in states {
            if let index = endpoints.firstIndex(where: { $0.address == state.address && !$0.isRemoved }) {
                if endpoints[index].health != .up, state.health == .up { endpoints[index].connectSucceeded() }
                endpoints[index].health = state.health
            } else {
                var endpoint = Endpoint<Connection>(id: EndpointID(rawValue: nextID), address: state.address)
                endpoint.health = state.health
                endpoints.append(endpoint)
                nextID += 1
            }
        }
        return orphans
    }

    /// The less loaded of two taken at random among those that connecting did not fail to just now, or, when there is
    /// none, among all that are not known to be down.
    private func choose(
        now: NIODeadline, avoiding avoided: EndpointID?, using random: inout some RandomNumberGenerator
    ) -> Int? {
        if endpoints.count == 1 { return endpoints[0].isEligible && endpoints[0].id != avoided ? 0 : nil }
        return lighterOfTwo(using: &random) { $0.id != avoided && $0.isPreferred(at: now) }
            ?? lighterOfTwo(using: &random) { $0.id != avoided && $0.isEligible }
    }

    private func lighterOfTwo(
        using random: inout some RandomNumberGenerator, among isCandidate: (Endpoint<Connection>) -> Bool
    ) -> Int? {
        let candidates = endpoints.indices.filter { isCandidate(endpoints[$0]) }
        guard let one = candidates.randomElement(using: &random) else { return nil }
        guard let other = candidates.filter({ $0 != one }).randomElement(using: &random) else { return one }
        return endpoints[other].outstanding < endpoints[one].outstanding ? other : one
    }

    private func index(of id: EndpointID) -> Int? {
        endpoints.firstIndex { $0.id == id }
    }
}

/// What the directory says of one address of a service.
struct EndpointState: Sendable, Equatable {
    var address: SocketAddress
    var health: EndpointHealth
}
