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
    var health: EndpointHealth = .unknown
    /// Requests given to it that have not ended, of this event loop.
    var outstanding = 0
    /// Most recently used last.
    var idle: [Idle] = []
    private var connectFailures = 0
    private var avoidedUntil: NIODeadline?
    /// Not in the service's list any more; what runs there may end.
    var isRemoved = false

    init(id: EndpointID, address: SocketAddress) {
        self.id = id
        self.address = address
    }

    var isEligible: Bool { !isRemoved && health != .down }

    /// Whether it is wise to use it: connecting did not fail just now.
    func isPreferred(at now: NIODeadline) -> Bool {
        guard isEligible else { return false }
        guard let avoidedUntil else { return true }
        return now >= avoidedUntil
    }

    mutating func connectFailed(at now: NIODeadline) {
        connectFailures = min(connectFailures + 1, 5)
        avoidedUntil = now + .milliseconds(Int64(500 << (connectFailures - 1)))
    }

    mutating func connectSucceeded() {
        connectFailures = 0
        avoidedUntil = nil
    }
}

enum EndpointHealth: Sendable, Equatable {
    case unknown, up, down
}
