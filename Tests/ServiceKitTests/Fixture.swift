import FoundationEssentials
import Hummingbird
import HummingbirdTesting
import Logging
import ServiceKit
import ServiceKitTesting
import WireProtocol

/// A small service with one route of each kind, as the real ones are built.
struct Fixture {
    struct Note: Codable, Sendable {
        var text: String
        var count: Int
    }

    let tokens: TestTokens

    init() async throws {
        tokens = try await TestTokens()
    }

    func application(
        maximumRequests: Int = 100, more: [Route] = [], idempotency: IdempotencyStore? = nil,
        readiness: [ReadinessCheck] = []
    ) async -> some ApplicationProtocol {
        var reader = SettingsReader(environment: ["MAX_REQUESTS": String(maximumRequests), "REQUEST_TIMEOUT": "2"])
        let routes = [
            Route(.get, "/open", .anyone) { _, context in
                try .json(["role": context.caller?.role.rawValue ?? "nobody"])
            },
            Route(.get, "/mine", .user) { _, context in try .json(["user": try context.requireCaller().userID]) },
            Route(.post, "/notes", .role(.teacher), body: .buffered(limit: 1_000)) { request, _ in
                try .created(try await request.decode(Note.self), at: "/notes/1")
            },
            Route(.get, "/notes/{id}", .anyone) { request, context in
                let id = try context.parameter("id", as: Int.self)
                return try .resource(["id": id], etag: ETag(id), for: request)
            },
            Route(.put, "/notes/{id}", .anyone) { request, _ in
                try request.requireMatch(ETag(7))
                return .noContent
            },
            Route(.get, "/broken", .anyone) { _, _ in throw CocoaLikeError() },
            Route(.post, "/internal/ping", .service) { _, _ in .noContent },
        ]
        let application = ServiceApplication(
            service: "fixture", process: ProcessSettings(from: &reader, port: 0),
            contract: Array("openapi: 3.1.0".utf8),
            routes: routes + more, tokens: tokens.verifier,
            serviceTokens: await ServiceTokens(service: "fixture", secret: TestTokens.internalSecret),
            idempotency: idempotency, readiness: readiness)
        return application.build(services: [], logger: Logger(label: "fixture") { _ in SwiftLogNoOpLogHandler() })
    }

    struct CocoaLikeError: Error {
        let secret = "SELECT password FROM users"
    }
}

extension TestClientProtocol {
    func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> TestResponse {
        try await execute(uri: path, method: .get, headers: headers)
    }

    func post(_ path: String, _ body: String, _ headers: HTTPFields = [:]) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = headers[.contentType] ?? "application/json"
        return try await execute(uri: path, method: .post, headers: headers, body: ByteBuffer(string: body))
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    func problem() throws -> Problem {
        try WireJSON.decode(Problem.self, from: Data(body.readableBytesView))
    }
}
