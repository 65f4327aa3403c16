import NIOCore
import NIOPosix
import WireProtocol

/// The gateway's share of one event loop: its clients, its connections to the services, its memory of tokens. Lives and
/// is touched on that loop only, so that a request never leaves it.
final class ProxyLoop {
    let eventLoop: any EventLoop
    /// This loop's share.
    private(set) var configuration: Configuration
    let kinds = FieldKindTable()
    let pages: OwnPages
    let log: AccessLog
    let requestKeys: @Sendable () -> Void
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
    private var pools: [ServicePool<UpstreamConnection, ClientConnection>]
    private var clients: [ClientConnection] = []
    private var idleGzips: [GzipStream] = []
    private static let idleGzipLimit = 32
    /// Connections by address, of addresses that have any and are no trusted proxy's.
    private var connectionsByAddress: [Int: Int] = [:]
    private var waitingForKeys: [ClientConnection] = []
    private var random = RandomSource()
    private let date: @Sendable () -> Int

    /// - Parameters:
    ///   - configuration: this loop's share.
    ///   - requestKeys: asks for a new look at auth's keys; `keysLookedUp` is called after it, whatever came of it.
    ///   - date: seconds since 1970.
    init(
        eventLoop: any EventLoop, configuration: Configuration, judge: TokenJudge, pages: OwnPages, log: AccessLog,
        metrics: ProxyMetrics, rateLimiter: RateLimiter, samples: SampleQueue,
        strictSeconds: Int, requestKeys: @escaping @Sendable () -> Void,
        date: @escaping @Sendable () -> Int
    ) {
        self.eventLoop = eventLoop
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
        }
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
        dateField = Array("date: \(HTTPDate.text(of: time))\r\n".utf8)
    }

    // MARK: Clients

    var connectionCount: Int { clients.count }

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
        if !waitingForKeys.isEmpty { waitingForKeys.removeAll { $0 === client } }
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
        for connection in secureConnections { connection.drain() }
        for client in clients { client.drain() }
    }

    func closeAll() {
        for client in clients { client.close() }
    }

    func add(_ connection: ConnectionDrain) {
        secureConnections.append(connection)
        if isDraining { connection.drain() }
    }

    func remove(_ connection: ConnectionDrain) {
        secureConnections.removeAll { $0 === connection }
    }

    // MARK: Requests

    func admit(_ client: ClientConnection, to service: Backend) {
        let decision = pools[service.rawValue].admit(client, now: .now(), using: &random)
        carryOut(decision, for: client, service)
    }

    /// Another try after `release`.
    ///
    /// - Parameters:
    ///   - mayStay: whether the endpoint that failed may be asked again where there is no other.
    ///   - refusal: what the client is told when there can be no other try.
    func retry(
        _ client: ClientConnection, to service: Backend, after failed: EndpointID, mayStay: Bool, or refusal: Refusal
    ) {
        let decision = pools[service.rawValue].retry(now: .now(), after: failed, mayStay: mayStay, using: &random)
        if case .refused = decision {
            gaveUp(on: service)
            return client.refuse(refusal)
        }
        metrics.countRetry()
        carryOut(decision, for: client, service)
    }

    /// An endpoint's answer has begun.
    func answered(by connection: UpstreamConnection, status: UInt16, after time: TimeAmount) {
        let now = NIODeadline.now()
        pools[connection.service.rawValue].answered(connection.endpoint, status: status, after: time, now: now)
        pools[connection.service.rawValue].ended(answered: true, now: now)
    }

    /// An endpoint gave no answer, or none that can be read.
    func failed(by connection: UpstreamConnection) {
        pools[connection.service.rawValue].failed(connection.endpoint, now: .now())
    }

    /// A request comes to nothing for the service's sake.
    func gaveUp(on service: Backend) {
        pools[service.rawValue].ended(answered: false, now: .now())
    }

    func hasAlternative(to connection: UpstreamConnection) -> Bool {
        pools[connection.service.rawValue].hasAlternative(to: connection.endpoint, now: .now())
    }

    func cancel(_ client: ClientConnection, waitingFor service: Backend) {
        pools[service.rawValue].cancel(client)
    }

    /// A request has ended on this connection.
    func release(_ connection: UpstreamConnection, reusable: Bool) {
        let kept = pools[connection.service.rawValue].release(
            connection.endpoint, connection: reusable ? connection : nil, now: .now())
        if kept {
            connection.isReused = true
        } else {
            connection.close()
        }
        startWaiters(for: connection.service)
    }

    func lost(_ connection: UpstreamConnection) {
        pools[connection.service.rawValue].lost(connection, of: connection.endpoint)
    }

    private func startWaiters(for service: Backend) {
        while let waiter = pools[service.rawValue].nextWaiter() {
            let decision = pools[service.rawValue].assign(now: .now(), using: &random)
            carryOut(decision, for: waiter, service)
        }
    }

    private func carryOut(
        _ decision: ServicePool<UpstreamConnection, ClientConnection>.Decision, for client: ClientConnection,
        _ service: Backend
    ) {
        switch decision {
        case .reuse(let connection, _): client.start(on: connection)
        case .connect(let endpoint, let address): connect(service, endpoint, address, for: client)
        case .queued: client.phase = .queued(service)
        case .refused(.full): client.refuse(.serviceFull(service))
        case .refused(.noEndpoint), .refused(.noRetryLeft): client.refuse(.serviceDown(service))
        case .refused(.circuitOpen): client.refuse(.circuitOpen(service))
        }
    }

    private func connect(_ service: Backend, _ id: EndpointID, _ address: SocketAddress, for client: ClientConnection) {
        client.phase = .connecting
        let connection = UpstreamConnection(loop: self, service: service, endpoint: id)
        let bound = NIOLoopBound(connection, eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .connectTimeout(limits(of: service).connectTime)
            .channelOption(.writeBufferWaterMark, value: .init(low: 32 << 10, high: 64 << 10))
            .channelOption(.recvAllocator, value: ProxyLoop.receiveBuffers)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            .connect(to: address)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success: self.connected(connection, for: client)
                case .failure: self.connectFailed(service, id, for: client)
                }
            }
    }

    private func connected(_ connection: UpstreamConnection, for client: ClientConnection) {
        pools[connection.service.rawValue].connectSucceeded(connection.endpoint)
        if client.isConnecting {
            client.start(on: connection)
        } else {
            release(connection, reusable: connection.isOpen)
        }
    }

    private func connectFailed(_ service: Backend, _ id: EndpointID, for client: ClientConnection) {
        pools[service.rawValue].connectFailed(id, now: .now())
        _ = pools[service.rawValue].release(id, connection: nil, now: .now())
        if client.isConnecting { client.connectFailed(service, id) }
        startWaiters(for: service)
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
        for backend in Backend.allCases {
            pools[backend.rawValue].limits = configuration[backend].pool
            startWaiters(for: backend)
        }
    }

    func use(_ keys: KeyRing) {
        judge.use(keys)
    }

    func use(_ revocations: Revocations) {
        judge.use(revocations)
    }

    func waitForKeys(_ client: ClientConnection) {
        waitingForKeys.append(client)
        requestKeys()
    }

    /// A look at auth's keys has ended.
    ///
    /// - Parameter isReached: whether auth answered; otherwise a key that is not known may well be good.
    func keysLookedUp(isReached: Bool) {
        let waiting = waitingForKeys
        waitingForKeys = []
        for client in waiting { client.keysLookedUp(isReached: isReached) }
    }

    /// Requests in work by endpoint.
    func outstanding(_ service: Backend) -> [SocketAddress: Int] {
        Dictionary(
            pools[service.rawValue].endpoints.map { ($0.address, $0.outstanding) }, uniquingKeysWith: +)
    }
}
