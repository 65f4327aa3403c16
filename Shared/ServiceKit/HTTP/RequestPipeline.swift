import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import WireProtocol

/// What happens around every handler: the request id, the bound on running requests, the token and the access rule,
/// the body's limit, the mapping of errors to problems, the log line and the metrics.
struct RequestPipeline: Sendable {
    let tokens: TokenVerifier
    let serviceTokens: ServiceTokens
    let idempotency: IdempotencyStore?
    let admission: Admission
    let bodyTimeout: Duration
    let proxies: TrustedProxies

    func respond(_ request: Request, _ context: APIContext, route: Route, metrics: RouteMetrics) async -> Response {
        await observed(request, context, logLevel: route.logLevel, metrics: metrics) { context in
            guard admission.enter() else {
                throw HTTPProblem.unavailable("The service has as much to do as it can. Try again shortly.")
            }
            defer { admission.leave() }
            context.caller = try await caller(of: request, for: route.access)
            guard Accept(request.headers[.accept]).allows(anyOf: route.produces) else {
                throw HTTPProblem.notAcceptable(route.produces.joined(separator: " or "))
            }
            guard route.admission?.enter() ?? true else {
                throw HTTPProblem.unavailable(
                    "As many of these calls as may be at once are in work. Try again shortly.")
            }
            defer { route.admission?.leave() }
            var request = request
            if case .buffered(let limit) = route.body { try await collectBody(of: &request, limit: limit) }
            if let idempotency, let call = try await IdempotentCall(request, context, route: route) {
                return try await idempotency.answer(call) { try await route.handler(request, context) }
            }
            return try await route.handler(request, context)
        }
    }

    /// The answer where no route is: 405 when the path has routes for other methods, 404 otherwise.
    func refuse(_ request: Request, _ context: APIContext, routes: RouteTable, metrics: RouteMetrics) async -> Response
    {
        await observed(request, context, metrics: metrics) { _ in
            let allowed = routes.methods(at: request.uri.path)
            throw allowed.isEmpty ? HTTPProblem.notFound() : HTTPProblem.methodNotAllowed(allowed)
        }
    }

    private func observed(
        _ request: Request, _ context: APIContext, logLevel: Logger.Level = .info, metrics: RouteMetrics,
        _ answer: (inout APIContext) async throws -> Response
    ) async -> Response {
        let start = ContinuousClock.now
        var context = context
        context.requestID = RequestID.accept(request.headers[.xRequestID]) ?? RequestID.make()
        context.clientAddress = proxies.clientAddress(
            peer: context.peerAddress, forwardedFor: request.headers[.forwardedFor])
        context.logger[metadataKey: "request_id"] = .string(context.requestID)
        if let trace = request.headers[.traceParent], let id = TraceParent(trace)?.traceID {
            context.logger[metadataKey: "trace_id"] = .string(id)
        }
        metrics.begin()
        var response: Response
        do {
            response = try await answer(&context)
        } catch {
            let problem = HTTPProblem(answering: error)
            if problem.status.kind == .serverError {
                let level: Logger.Level = problem.status == .internalServerError ? .error : .warning
                context.logger.log(level: level, "request failed", metadata: ["error": "\(String(reflecting: error))"])
            }
            response = .problem(problem, requestID: context.requestID)
        }
        response.headers[.xRequestID] = context.requestID
        response.headers[.xContentTypeOptions] = "nosniff"
        let duration = start.duration(to: .now)
        metrics.end(status: response.status, duration: duration)
        context.logger.log(
            level: logLevel, "request",
            metadata: [
                "method": .string(request.method.rawValue), "path": .string(request.uri.path),
                "status": .stringConvertible(response.status.code),
                "duration_ms": .stringConvertible(duration.milliseconds),
            ])
        return response
    }

    private func caller(of request: Request, for access: Access) async throws -> Caller? {
        let token = try BearerToken(request.headers)
        switch access {
        case .service:
            guard let token else { throw HTTPProblem.unauthorized("Only Lyceum's own services may call this.") }
            try await serviceTokens.verify(token.text)
            return nil
        case .anyone:
            guard let token else { return nil }
            return Caller(try await tokens.verify(token.text))
        case .user, .role:
            guard let token else { throw HTTPProblem.unauthorized() }
            let caller = Caller(try await tokens.verify(token.text))
            if case .role(let least) = access, caller.role < least { throw HTTPProblem.forbidden() }
            return caller
        }
    }

    private func collectBody(of request: inout Request, limit: Int) async throws {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit {
            throw HTTPProblem.contentTooLarge(limit: limit)
        }
        guard request.headers[.contentLength] != nil || request.headers[.transferEncoding] != nil else { return }
        let body = request.body
        do {
            let buffer = try await Deadline.run(bodyTimeout) { try await body.collect(upTo: limit) }
            request.body = RequestBody(buffer: buffer)
        } catch is NIOTooManyBytesError {
            throw HTTPProblem.contentTooLarge(limit: limit)
        } catch is DeadlineExceeded {
            throw HTTPProblem(.requestTimeout, "The body took too long to arrive.", headers: [.connection: "close"])
        }
    }
}
