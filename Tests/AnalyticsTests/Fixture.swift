import FoundationEssentials
import Hummingbird
import HummingbirdTesting
import Logging
import Postgres
import PostgresTesting
import ServiceKit
import ServiceKitTesting
import WireProtocol

@testable import Analytics

/// The analytics service through its real router, on a schema of its own.
struct Fixture: Sendable {
    static let quiet = Logger(label: "analytics") { _ in SwiftLogNoOpLogHandler() }

    let database: PostgresClient
    let client: any TestClientProtocol
    let tokens: TestTokens
    let teacher: String

    static func run<Value: Sendable>(_ body: @Sendable @escaping (Fixture) async throws -> Value) async throws -> Value
    {
        try await withTestDatabase(migrations: AnalyticsService.migrations) { database in
            let tokens = try await TestTokens()
            let teacher = try await tokens.token(.teacher)
            var reader = SettingsReader(environment: [:])
            let server = AnalyticsService.server(
                ProcessSettings(from: &reader, port: 0), database, tokens: tokens.verifier,
                serviceTokens: await ServiceTokens(service: "analytics", secret: TestTokens.internalSecret))
            return try await server.build(services: [], logger: quiet).test(.router) { client in
                try await body(Fixture(database: database, client: client, tokens: tokens, teacher: teacher))
            }
        }
    }

    func get(_ path: String, as token: String? = nil, accept: String? = nil) async throws -> TestResponse {
        var headers: HTTPFields = [.authorization: "Bearer \(token ?? teacher)"]
        headers[.accept] = accept
        return try await client.execute(uri: path, method: .get, headers: headers)
    }

    func post(_ path: String, _ body: String, as token: String? = nil) async throws -> TestResponse {
        try await client.execute(
            uri: path, method: .post,
            headers: [.authorization: "Bearer \(token ?? teacher)", .contentType: "application/json"],
            body: ByteBuffer(string: body))
    }

    /// The answer, which must be 200.
    func report(_ path: String, as token: String? = nil) async throws -> JSONValue {
        try await get(path, as: token).json(.ok)
    }

    func student(_ user: Identifier = Identifier()) async throws -> String {
        try await tokens.token(.student, user: user)
    }

    func send(_ events: [JSONValue], as token: String? = nil) async throws -> TestResponse {
        try await post("/analytics/events", JSONValue.object(["events": .array(events)]).text, as: token)
    }

    /// As another service does.
    func tell(_ events: [Event]) async throws -> EventReceipt {
        let body = String(decoding: try WireJSON.encode(EventBatch(events: events)), as: UTF8.self)
        let response = try await post("/internal/events", body, as: try await tokens.serviceToken())
        guard response.status == .ok else { throw UnexpectedStatus(status: response.status, body: response.text) }
        return try WireJSON.decode(EventReceipt.self, from: Data(response.body.readableBytesView))
    }

    func tell(_ payloads: EventPayload...) async throws {
        _ = try await tell(payloads.map { Event($0) })
    }

    func count(_ sql: SQL) async throws -> Int {
        try await database.query(sql)[0][0]
    }
}

struct UnexpectedStatus: Error, CustomStringConvertible {
    let status: HTTPResponse.Status
    let body: String

    var description: String { "\(status): \(body)" }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    func json(_ expected: HTTPResponse.Status) throws -> JSONValue {
        guard status == expected else { throw UnexpectedStatus(status: status, body: text) }
        return try WireJSON.decode(JSONValue.self, from: Data(body.readableBytesView))
    }

    func problem() throws -> Problem {
        try WireJSON.decode(Problem.self, from: Data(body.readableBytesView))
    }
}
