import NIOCore

/// Names one endpoint of one service for as long as it is known; never used again for another.
struct EndpointID: Hashable, Sendable {
    var rawValue: Int
}

/// One address that a service answers at, as one event loop sees it.
struct Endpoint<Connection: AnyObject> {
    struct Idle {
        var connection: Connection
        var since: NIODeadline
    }

    let id: EndpointID
    let address: SocketAddress
    /// What the active checks say; unknown until the first has ended, and used until proven down.
    private(set) var health = EndpointHealth.unknown
    /// Requests given to it that have not ended, of this event loop.
    var outstanding = 0
    /// Most recently used last.
    var idle: [Idle] = []
    /// Not in the service's list any more; what runs there may end.
    var isRemoved = false
    private var connectFailures = 0
    private var avoidedUntil = NIODeadline.distantPast
    /// Bad answers in a row.
    private var badAnswers = 0
    private var ejections = 0
    private var ejectedUntil = NIODeadline.distantPast
    private var slowStartBegan: NIODeadline?

    /// - Parameter slowStartBegan: for one that joins others that serve already.
    init(id: EndpointID, address: SocketAddress, health: EndpointHealth, slowStartBegan: NIODeadline? = nil) {
        self.id = id
        self.address = address
        self.health = health
        self.slowStartBegan = slowStartBegan
    }

    var isEligible: Bool { !isRemoved && health != .down }

    /// Whether it is wise to use it: connecting did not fail just now, and it is not ejected.
    func isPreferred(at now: NIODeadline) -> Bool {
        isEligible && now >= avoidedUntil && now >= ejectedUntil
    }

    /// Whether there is sense in asking it when no endpoint is known to be up.
    func isLastResort(at now: NIODeadline) -> Bool {
        !isRemoved && now >= avoidedUntil
    }

    func isEjected(at now: NIODeadline) -> Bool { now < ejectedUntil }

    /// The share of its full part in the requests that it is to have: 0.1 to 1.
    func weight(at now: NIODeadline, over slowStart: TimeAmount) -> Double {
        guard let slowStartBegan, now < slowStartBegan + slowStart, slowStart > .zero else { return 1 }
        return max(0.1, Double((now - slowStartBegan).nanoseconds) / Double(slowStart.nanoseconds))
    }

    mutating func use(_ health: EndpointHealth, now: NIODeadline) {
        if self.health == .down, health == .up {
            connectSucceeded()
            badAnswers = 0
            slowStartBegan = now
        }
        self.health = health
    }

    mutating func connectFailed(at now: NIODeadline) {
        connectFailures = min(connectFailures + 1, 5)
        avoidedUntil = now + .milliseconds(Int64(500 << (connectFailures - 1)))
    }

    mutating func connectSucceeded() {
        connectFailures = 0
        avoidedUntil = .distantPast
    }

    /// - Returns: whether it has answered badly so often in a row that it is to be ejected.
    mutating func answered(well isGood: Bool, now: NIODeadline, _ rules: EndpointRules) -> Bool {
        guard isGood else {
            badAnswers += 1
            return rules.failuresToEject > 0 && badAnswers >= rules.failuresToEject && !isEjected(at: now)
        }
        badAnswers = 0
        if ejections > 0, now >= ejectedUntil + ejectionTime(ejections, rules) { ejections = 0 }
        return false
    }

    mutating func eject(now: NIODeadline, _ rules: EndpointRules) {
        ejections += 1
        badAnswers = 0
        ejectedUntil = now + ejectionTime(ejections, rules)
        slowStartBegan = ejectedUntil
    }

    private func ejectionTime(_ count: Int, _ rules: EndpointRules) -> TimeAmount {
        min(rules.longestEjection, .nanoseconds(rules.ejectionTime.nanoseconds << Int64(min(count - 1, 10))))
    }
}

enum EndpointHealth: Sendable, Equatable {
    case unknown, up, down
}
