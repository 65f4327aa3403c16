import AsyncHTTPClient
import FoundationEssentials
import Hummingbird
import Logging
import NIOPosix
import ServiceKit
import ServiceLifecycle
import WireProtocol

/// The whole gateway, wired once, by hand.
struct Gateway {
    /// Runs everything until it is told to stop.
    let application: any ApplicationProtocol
    let state = ServerState()
    let configuration: ConfigurationWatcher

    init(
        _ settings: Settings, directoryTiming: EndpointDirectory.Timing = .init(),
        tokenTiming: TokenWatcher.Timing = .init(), sampleInterval: Duration = .seconds(10),
        certificateInterval: Duration = .seconds(5), logger: Logger
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: settings.eventLoops)
        let client = HTTPClient.shared
        let loops = ProxyLoops()
        let directory = EndpointDirectory(
            settings.configuration, loops: loops, client: client, timing: directoryTiming, logger: logger)
        let serviceTokens = await ServiceTokens(service: GatewayService.name, secret: settings.tokens.internalSecret)
        let watcher = TokenWatcher(
            settings.configuration.issuers, loops: loops, directory: directory, serviceTokens: serviceTokens,
            client: client, timing: tokenTiming, logger: logger)
        let contract = ContractPages(
            base: PackageResources.openapi_yaml, directory: directory, client: client, logger: logger)
        let pages = OwnPages(
            health: HealthReport(directory: directory, loops: loops), contract: contract,
            swagger: settings.swaggerFolder.isEmpty ? nil : try SwaggerUI(folder: settings.swaggerFolder),
            logger: logger)
        let samples = SampleQueue()
        let reporter = SampleReporter(
            queue: samples, directory: directory, contract: contract, serviceTokens: serviceTokens, client: client)
        let metrics = ProxyMetrics()
        let rateLimiter = RateLimiter()
        try await loops.start(on: group) { eventLoop in
            ProxyLoop(
                eventLoop: eventLoop, configuration: settings.configuration.share(of: settings.eventLoops),
                judge: TokenJudge(
                    issuers: settings.configuration.issuers,
                    cacheCapacity: settings.tokenCacheCapacity / settings.eventLoops),
                pages: pages, log: AccessLog(logger: logger), metrics: metrics, rateLimiter: rateLimiter,
                samples: samples,
                strictSeconds: settings.tls?.strictSeconds ?? 0, requestKeys: watcher.requestKeys(of:),
                date: { Int(Date().timeIntervalSince1970) })
        }
        let certificate = try settings.tls.map { try ServerCertificate($0, logger: logger) }
        let server = ProxyServer(
            host: settings.process.host, port: settings.process.port,
            held: settings.portHolder.isEmpty ? nil : HeldPort(path: settings.portHolder), group: group, loops: loops,
            pipeline: ClientPipeline(loops: loops, certificate: certificate),
            isPrepared: {
                Backend.allCases.allSatisfy { directory.states($0).contains { $0.health == .up } }
            },
            grace: settings.process.shutdownGrace, state: state, logger: logger)
        let eventLoops = settings.eventLoops
        configuration = ConfigurationWatcher(
            file: settings.configurationFile,
            use: { configuration in
                directory.use(configuration)
                watcher.use(configuration.issuers)
                let share = configuration.share(of: eventLoops)
                loops.tell { $0.use(share) }
            }, logger: logger)
        application = GatewayApplication(
            operations: Self.operations(settings, serviceTokens, state: state, logger: logger),
            services: [
                directory, watcher, configuration, reporter.service(every: sampleInterval, logger: logger), server,
            ] + (certificate.map { [$0.watch(every: certificateInterval)] } ?? []), logger: logger)
    }

    /// What operators read, on a port of its own.
    private static func operations(
        _ settings: Settings, _ serviceTokens: ServiceTokens, state: ServerState, logger: Logger
    ) -> some ApplicationProtocol {
        var process = settings.process
        process.host = settings.operationsAddress.host
        process.port = settings.operationsAddress.port
        return ServiceApplication(
            service: GatewayService.name, process: process, contract: PackageResources.openapi_yaml, routes: [],
            tokens: TokenVerifier(settings.tokens),
            serviceTokens: serviceTokens, idempotency: nil,
            readiness: [
                ReadinessCheck("proxy") {
                    state.isOpen
                        ? .init(status: .ok) : .init(status: .down, detail: "the public port is not open, or closing")
                }
            ]
        ).build(services: [], logger: logger)
    }
}

/// Runs the operators' port and the gateway's own services, and on the way down ends the public port first, so that
/// `/ready` tells of it while running requests finish.
struct GatewayApplication<Operations: ApplicationProtocol>: ApplicationProtocol {
    let operations: Operations
    let services: [any ServiceLifecycle.Service]
    let logger: Logger

    var responder: Operations.Responder {
        get async throws { try await operations.responder }
    }

    func run() async throws {
        let services: [any ServiceLifecycle.Service] = [operations] + services
        try await ServiceGroup(configuration: .init(services: services, logger: logger)).run()
    }
}
