/// Which channels the connection for notifications listens on, and which it should.
struct ListenerState<Subscriber: Hashable> {
    enum Command: Equatable {
        case listen(String)
        case unlisten(String)
    }

    enum Phase {
        case closed, dialling, open
    }

    private(set) var phase = Phase.closed
    private var subscribers: [String: Set<Subscriber>] = [:]
    private var listening: Set<String> = []
    private var command: Command?
    private(set) var backoff = Backoff()

    var isWanted: Bool { !subscribers.isEmpty }
    var all: Set<Subscriber> { subscribers.values.reduce(into: []) { $0.formUnion($1) } }

    mutating func subscribe(_ subscriber: Subscriber, to channel: String) {
        subscribers[channel, default: []].insert(subscriber)
    }

    mutating func unsubscribe(_ subscriber: Subscriber, from channel: String) {
        subscribers[channel]?.remove(subscriber)
        if subscribers[channel]?.isEmpty == true { subscribers[channel] = nil }
    }

    func subscribers(of channel: String) -> Set<Subscriber> {
        subscribers[channel] ?? []
    }

    /// Whether to dial now; it is then dialling.
    mutating func dials(now: MonotonicTime) -> Bool {
        guard phase == .closed, isWanted, backoff.failures == 0 || now >= backoff.until else { return false }
        phase = .dialling
        return true
    }

    var nextDial: MonotonicTime {
        phase == .closed && isWanted ? backoff.until : .never
    }

    mutating func opened() {
        phase = .open
    }

    /// It was closed, since nobody listens.
    mutating func closed() {
        phase = .closed
        listening = []
        command = nil
    }

    /// It could not be opened, or was lost: every channel has to be listened on again.
    mutating func lost(now: MonotonicTime, jitter: Double) {
        closed()
        backoff.failed(at: now, jitter: jitter)
    }

    var awaitsAnswer: Bool { command != nil }

    /// The next command to send; one at a time.
    mutating func nextCommand() -> Command? {
        guard phase == .open, command == nil else { return nil }
        if let channel = subscribers.keys.first(where: { !listening.contains($0) }) {
            command = .listen(channel)
        } else if let channel = listening.first(where: { subscribers[$0] == nil }) {
            command = .unlisten(channel)
        }
        return command
    }

    mutating func answered() {
        switch command {
        case .listen(let channel): listening.insert(channel)
        case .unlisten(let channel): listening.remove(channel)
        case nil: break
        }
        command = nil
        backoff.succeeded()
    }
}
