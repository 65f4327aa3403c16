import FoundationEssentials
import NIOCore
import ServiceKit
import WireProtocol

/// The gateway's share of one event loop: its clients, its connections to the services, its memory of tokens. Lives and
/// is touched on that loop only, so that a request never leaves it.
final class ProxyLoop {
    let eventLoop: any EventLoop
    /// This loop's share.
    private(set) var configuration: Configuration
    let kinds = FieldKindTable()
    let trailerSection: TrailerSection
    let pages: OwnPages
    let log: AccessLog
    private let requestKeys: @Sendable (TrustedIssuer) -> Void
    let emptyBuffer = ByteBuffer()
    var judge: TokenJudge
    var rewriter = HeadRewriter()
    let metrics: ProxyMetrics
    let rateLimiter: RateLimiter
    /// The header line that has browsers come by TLS only; may be empty.
    let strictField: String
    private var secureConnections: [ConnectionDrain] = []
    private let samples: SampleQueue
    /// Requests that may still be sampled in this second.
    private var samplesLeft = 0
    /// Seconds since 1970.
    private(set) var unixTime = 0
    /// The `date` header line.
    private(set) var dateField: [UInt8] = []
    private(set) var isDraining = false
    /// When tunnels are ended, however busy they are.
    private(set) var tunnelsEnd = NIODeadline.distantFuture
    var pools: [ServicePool<UpstreamConnection, ClientConnection>]
    private var clients: [ClientConnection] = []
    private var idleGzips: [GzipStream] = []
    private static let idleGzipLimit = 32
    /// Connections by address, of addresses that have any and are no trusted proxy's.
    private var connectionsByAddress: [Int: Int] = [:]
    private var waitingForKeys: [(client: ClientConnection, issuer: TrustedIssuer)] = []
    /// By service, as the figures have it.
    private var loads: [(inWork: Int, queued: Int)] = Array(repeating: (0, 0), count: Backend.allCases.count)
    var random = RandomSource()
    private let date: @Sendable () -> Int

    /// - Parameters:
    ///   - configuration: this loop's share.
    ///   - requestKeys: asks for a new look at an issuer's keys; `keysLookedUp` is called after it, whatever came of it.
    ///   - date: seconds since 1970.
    init(
        eventLoop: any EventLoop, configuration: Configuration, judge: TokenJudge, pages: OwnPages, log: AccessLog,
        metrics: ProxyMetrics, rateLimiter: RateLimiter, samples: SampleQueue,
        strictSeconds: Int, requestKeys: @escaping @Sendable (TrustedIssuer) -> Void,
        date: @escaping @Sendable () -> Int
    ) {
        self.eventLoop = eventLoop
        trailerSection = TrailerSection(kinds: kinds)
        self.configuration = configuration
        self.judge = judge
        self.pages = pages
        self.log = log
        self.metrics = metrics
        self.rateLimiter = rateLimiter
        self.samples = samples
        strictField = strictSeconds > 0 ? "strict-transport-security: max-age=\(strictSeconds)\r\n" : ""
        self.requestKeys = requestKeys
        self.date = date
        pools = configuration.services.map { ServicePool(limits: $0.pool) }
        readClock()
    }

    func takeGzip() -> GzipStream? {
        idleGzips.popLast() ?? GzipStream()
    }

    func giveBack(_ gzip: GzipStream) {
        guard idleGzips.count < Self.idleGzipLimit else { return }
        gzip.reset()
        idleGzips.append(gzip)
    }

    func limits(of service: Backend) -> ServiceLimits {
        configuration.services[service.rawValue].limits
    }

    // MARK: Time

    static let tickInterval = TimeAmount.milliseconds(100)

    /// Called every `tickInterval`: what is late is ended.
    func tick() {
        readClock()
        let counts = judge.takeCounts()
        metrics.count(tokenHits: counts.hits, misses: counts.misses)
        let now = NIODeadline.now()
        for client in clients where client.deadline <= now { client.deadlinePassed() }
        for service in Backend.allCases {
            for waiter in pools[service.rawValue].expiredWaiters(now: now) { waiter.refuse(.serviceFull(service)) }
            for connection in pools[service.rawValue].staleConnections(now: now) { connection.close() }
            tellLoad(of: service)
        }
    }

    private func tellLoad(of service: Backend) {
        let load = (inWork: pools[service.rawValue].inWork, queued: pools[service.rawValue].queued)
        let known = loads[service.rawValue]
        metrics.change(service, inWork: load.inWork - known.inWork, queued: load.queued - known.queued)
        loads[service.rawValue] = load
    }

    /// Enough to tell how fast a service is; on a quiet day, all requests.
    private static let samplesPerSecond = 20

    /// Has a request count in analytics' performance reports, unless there were many already.
    func sample(_ exchange: Exchange, duration: TimeAmount) {
        guard samplesLeft > 0, let service = exchange.service, exchange.status > 0 else { return }
        samplesLeft -= 1
        samples.append(
            PerformanceSample(
                service: service, method: exchange.method, path: exchange.path, status: exchange.status,
                duration: Double(duration.nanoseconds) / 1_000_000, time: unixTime))
    }

    private func readClock() {
        let time = date()
        guard time != unixTime else { return }
        unixTime = time
        samplesLeft = Self.samplesPerSecond
        dateField = Array("date: \(HTTPDate.text(of: Date(timeIntervalSince1970: Double(time))))\r\n".utf8)
    }

    // MARK: Clients

    /// TLS handshakes under way.
    var handshakes = 0

    /// Streams of HTTP/2 beside the connections that carry them.
    var connectionCount: Int { handshakes + clients.count + secureConnections.count }

    /// - Returns: whether there is room for it.
    func add(_ client: ClientConnection) -> Bool {
        guard clients.count < configuration.clients.connections else { return false }
        guard takeIn(client.address) else { return false }
        client.slot = clients.count
        clients.append(client)
        metrics.connectionOpened()
        return true
    }

    func remove(_ client: ClientConnection) {
        guard let slot = client.slot else { return }
        client.slot = nil
        let here = connectionsByAddress[client.address.key] ?? 0
        connectionsByAddress[client.address.key] = here > 1 ? here - 1 : nil
        metrics.connectionClosed()
        let last = clients.removeLast()
        if last !== client {
            clients[slot] = last
            last.slot = slot
        }
        if !waitingForKeys.isEmpty { waitingForKeys.removeAll { $0.client === client } }
    }

    private func takeIn(_ address: ClientAddress) -> Bool {
        guard !address.isTrustedProxy else { return true }
        let limit = configuration.clients.connectionsPerAddress
        let here = connectionsByAddress[address.key] ?? 0
        guard limit == 0 || here < limit else { return false }
        connectionsByAddress[address.key] = here + 1
        return true
    }

    /// From now on every answer ends its connection, and who asks nothing is let go.
    func drain() {
        isDraining = true
        tunnelsEnd = .now() + Self.tunnelGrace
        for connection in secureConnections { connection.drain() }
        for client in clients { client.drain() }
    }

    /// How long a tunnel may go on while the process goes down.
    private static let tunnelGrace = TimeAmount.seconds(5)

    func closeAll() {
        for client in clients { client.close() }
        for connection in secureConnections { connection.close() }
    }

    func add(_ connection: ConnectionDrain) {
        secureConnections.append(connection)
        if isDraining { connection.drain() }
    }

    func remove(_ connection: ConnectionDrain) {
        secureConnections.removeAll { $0 === connection }
    }

    static let receiveBuffers = AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 64 << 10)

    // MARK: What the rest of the process tells

    func use(_ states: [EndpointState], of service: Backend) {
        for connection in pools[service.rawValue].use(states, now: .now()) { connection.close() }
        for client in clients {
            guard let upstream = client.waitsFor, upstream.service == service,
                pools[service.rawValue].isDown(upstream.endpoint)
            else { continue }
            client.tryElsewhere(than: upstream)
        }
    }

    /// Takes this share in place of the one before. Requests that run keep what was measured out to them.
    func use(_ configuration: Configuration) {
        self.configuration = configuration
        judge.use(configuration.issuers)
        rejudge(isReached: true) { !configuration.issuers.contains($0) }
        for backend in Backend.allCases {
            pools[backend.rawValue].limits = configuration[backend].pool
            startWaiters(for: backend)
        }
    }

    func use(_ keys: KeyRing, of issuer: TrustedIssuer) {
        judge.use(keys, of: issuer)
    }

    func use(_ revocations: Revocations) {
        judge.use(revocations)
    }

    func waitForKeys(_ client: ClientConnection, of issuer: TrustedIssuer) {
        waitingForKeys.append((client, issuer))
        requestKeys(issuer)
    }

    /// A look at an issuer's keys has ended.
    func keysLookedUp(of issuer: TrustedIssuer, isReached: Bool) {
        rejudge(isReached: isReached) { $0 == issuer }
    }

    private func rejudge(isReached: Bool, where concerns: (TrustedIssuer) -> Bool) {
        guard !waitingForKeys.isEmpty else { return }
        let waiting = waitingForKeys.filter { concerns($0.issuer) }
        waitingForKeys.removeAll { concerns($0.issuer) }
        for (client, _) in waiting { client.keysLookedUp(isReached: isReached) }
    }

    /// Endpoints that are left out for a while.
    func ejected(_ service: Backend) -> Set<SocketAddress> {
        let now = NIODeadline.now()
        return Set(pools[service.rawValue].endpoints.filter { $0.isEjected(at: now) }.map(\.address))
    }

    /// Requests in work by endpoint.
    func outstanding(_ service: Backend) -> [SocketAddress: Int] {
        Dictionary(
            pools[service.rawValue].endpoints.map { ($0.address, $0.outstanding) }, uniquingKeysWith: +)
    }
}
