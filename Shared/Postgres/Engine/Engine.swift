import CLibPQ
import Logging
import Synchronization

/// The one thread that owns all connections of a client. It sleeps in epoll until a socket or the mailbox has something,
/// and carries out what the pool's and the connections' state machines decide.
///
/// `@unchecked Sendable` is safe: everything that changes is touched by the engine's thread only, but `mailbox` and
/// `published`, which are locked.
final class Engine: @unchecked Sendable {
    static let statementCapacity = 256

    let options: PostgresOptions
    let logger: Logger
    let mailbox = Mailbox()
    private let published = Mutex(PostgresUsage())
    private let isStarted = Atomic(false)

    // The engine's thread only, from here on.
    var pool: PoolState<Request>
    var connections: [Connection?]
    var listener = Listener()
    let poller = Poller()
    let dialler: Dialler
    let scratch = ParameterScratch()
    var now = MonotonicTime.now
    /// Nothing expires, and nothing is to be repeated, before this.
    var nextSweep = MonotonicTime.never
    var serials = 0
    var stops: [Stop] = []
    /// Something has changed since `dispatch`.
    var turnsAgain = false
    var lastDialFailure: PostgresError?
    private var usage = PostgresUsage()
    private var messages: [Mailbox.Message] = []

    init(_ options: PostgresOptions, logger: Logger) {
        self.options = options
        self.logger = logger
        pool = PoolState(
            limits: .init(
                connections: options.maximumConnections, queued: options.maximumQueued, depth: 16,
                stallNanoseconds: 10_000_000))
        connections = Array(repeating: nil, count: options.maximumConnections)
        dialler = Dialler(options: options, logger: logger)
    }

    /// As published after the last turn of the loop.
    var currentUsage: PostgresUsage { published.withLock { $0 } }

    /// Starts the thread unless it runs or has run.
    func start() {
        if isStarted.load(ordering: .relaxed) || isStarted.exchange(true, ordering: .relaxed) { return }
        precondition(DetachedThread.start("postgres", { self.run() }), "the system has no thread left")
    }

    private func run() {
        poller.add(mailbox.wakeUp, token: Token.mailbox)
        while !isFinished {
            sleep()
            mailbox.take(into: &messages)
            for message in messages { handle(message) }
            messages.removeAll(keepingCapacity: true)
            if now >= nextSweep { sweep() }
            dispatch()
            flush()
            publish()
        }
        shutDown()
    }

    /// Waits for sockets and messages, and handles the sockets.
    private func sleep() {
        let wakesAt = min(nextSweep, pool.nextDial, listener.state.nextDial)
        let sleeps = !turnsAgain && mailbox.fallAsleep()
        turnsAgain = false
        poller.wait(milliseconds: sleeps ? wakesAt.millisecondsLeft(from: .now) : 0) { ready in
            self.now = .now
            self.handle(ready)
        }
        if sleeps { mailbox.awake() }
        now = .now
    }

    private func handle(_ ready: Poller.Ready) {
        switch ready.token {
        case Token.mailbox: mailbox.drainWakeUp()
        case Token.listener: readListener(ready)
        default:
            guard let connection = connections[ready.token - Token.firstSlot] else { return }
            if ready.isWritable { connection.hasUnflushed = true }
            if ready.isReadable { read(connection) }
        }
    }

    private func handle(_ message: Mailbox.Message) {
        switch message {
        case .submit(let request): submit(request)
        case .cancel(let request): abandon(request, CancellationError())
        case .abandonCopy(let lease): abandonCopy(of: lease)
        case .dialled(let dialled): opened(dialled)
        case .cancelReturned(let slot, let serial, let succeeded):
            cancelReturned(slot: slot, serial: serial, succeeded: succeeded)
        case .subscribe(let subscription): subscribe(subscription)
        case .unsubscribe(let subscription): unsubscribe(subscription)
        case .stop(let stop): beginStop(stop)
        }
    }

    private func publish() {
        let current = PostgresUsage(
            connections: pool.open, leased: pool.leased, queued: pool.queued, inFlight: pool.inFlight)
        guard current != usage else { return }
        usage = current
        published.withLock { $0 = current }
    }

    enum Token {
        static let mailbox = 0
        static let listener = 1
        static let firstSlot = 2
    }
}
