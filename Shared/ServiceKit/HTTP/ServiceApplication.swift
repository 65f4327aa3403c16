public import Hummingbird
public import Logging
import NIOCore
public import ServiceLifecycle
import WireProtocol

/// Builds the HTTP side of a service: its own routes, and those that every service has.
public struct ServiceApplication: Sendable {
    public let service: String
    public let process: ProcessSettings
    /// The service's `openapi.yaml`.
    public let contract: [UInt8]
    public let routes: [Route]
    public let tokens: TokenVerifier
    public let serviceTokens: ServiceTokens
    /// Where answers to `Idempotency-Key` are kept; `nil` for a process without a database.
    public let idempotency: IdempotencyStore?
    public let readiness: [ReadinessCheck]

    public init(
        service: String, process: ProcessSettings, contract: [UInt8], routes: [Route], tokens: TokenVerifier,
        serviceTokens: ServiceTokens, idempotency: IdempotencyStore?, readiness: [ReadinessCheck]
    ) {
        self.service = service
        self.process = process
        self.contract = contract
        self.routes = routes
        self.tokens = tokens
        self.serviceTokens = serviceTokens
        self.idempotency = idempotency
        self.readiness = readiness
    }

    /// - Parameter services: run beside the server, started before it and stopped after it.
    public func build(services: [any Service], logger: Logger) -> some ApplicationProtocol {
        let upkeep: [any Service] = idempotency.map { [IdempotencyUpkeep(store: $0, logger: logger)] } ?? []
        return Application(
            responder: responder,
            server: .http1(configuration: .init(idleTimeout: .seconds(65))),
            configuration: .init(address: .hostname(process.host, port: process.port), backlog: 1_024),
            services: services + upkeep,
            onServerRunning: { channel in
                logger.info("listening", metadata: ["address": "\(channel.localAddress?.description ?? "")"])
            },
            logger: logger)
    }

    private var responder: RouterResponder<APIContext> {
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        let pipeline = RequestPipeline(
            tokens: tokens, serviceTokens: serviceTokens, idempotency: idempotency,
            admission: Admission(limit: process.maximumRequests), bodyTimeout: process.requestTimeout,
            proxies: process.trustedProxies)
        let all = routes + OperationRoutes(service: service, contract: contract, readiness: readiness).routes
        router.add(
            middleware: UnroutedMiddleware(pipeline: pipeline, routes: RouteTable(all), metrics: RouteMetrics.unrouted))
        for route in all {
            let metrics = RouteMetrics(route)
            router.on(RouterPath(route.path), method: route.method) { request, context in
                await pipeline.respond(request, context, route: route, metrics: metrics)
            }
        }
        return router.buildResponder()
    }
}

/// Answers where the router found no route.
private struct UnroutedMiddleware: RouterMiddleware {
    let pipeline: RequestPipeline
    let routes: RouteTable
    let metrics: RouteMetrics

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            return await pipeline.refuse(request, context, routes: routes, metrics: metrics)
        }
    }
}
