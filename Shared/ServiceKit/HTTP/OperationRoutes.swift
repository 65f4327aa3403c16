import Hummingbird
import Metrics
import WireProtocol

/// What every service answers for operators. None of it is routed by the gateway.
struct OperationRoutes: Sendable {
    let service: String
    let contract: [UInt8]
    let readiness: [ReadinessCheck]

    var routes: [Route] {
        let routes = [
            Route(.get, "/health", .anyone, health),
            Route(.get, "/ready", .anyone, ready),
            Route(.get, "/metrics", .anyone, produces: [], metrics),
            Route(.get, "/openapi.yaml", .anyone, produces: [], openAPI),
        ]
        // Asked every few seconds by whoever watches: they would be most of the log.
        return routes.map { route in
            var route = route
            route.logLevel = .debug
            return route
        }
    }

    @Sendable private func health(_ request: Request, _ context: APIContext) async throws -> Response {
        try .json(Health(status: .ok, service: service))
    }

    @Sendable private func ready(_ request: Request, _ context: APIContext) async throws -> Response {
        let readiness = await ReadinessCheck.all(readiness)
        for (name, dependency) in readiness.dependencies {
            Gauge(label: "dependency_up", dimensions: [("dependency", name)]).record(dependency.status == .ok ? 1 : 0)
        }
        return try .json(readiness, status: readiness.status == .down ? .serviceUnavailable : .ok)
    }

    @Sendable private func metrics(_ request: Request, _ context: APIContext) async throws -> Response {
        let text = PrometheusRegistry.shared.text()
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    @Sendable private func openAPI(_ request: Request, _ context: APIContext) async throws -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/yaml"],
            body: .init(byteBuffer: ByteBuffer(bytes: contract)))
    }
}
