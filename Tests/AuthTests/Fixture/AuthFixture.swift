import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Postgres
import PostgresTesting
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Auth

/// The service as it is served, on a schema of its own, called through its real router.
struct AuthFixture: Sendable {
    static let password = "seven brown owls"

    let client: any TestClientProtocol
    let database: PostgresClient
    let settings: Settings
    /// What the service is made of.
    let parts: AuthParts

    func send(
        _ method: HTTPRequest.Method, _ path: String, token: String? = nil, headers: HTTPFields = [:],
        body: String? = nil, from address: String = "203.0.113.5"
    ) async throws -> Answer {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token)" }
        if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        headers[.clientAddress] = address
        let buffer = body.map { ByteBuffer(string: $0) }
        return try await client.execute(uri: path, method: method, headers: headers, body: buffer) { response in
            try Answer(response)
        }
    }

    func post(
        _ path: String, _ fields: [String: JSONValue], token: String? = nil, from address: String = "203.0.113.5"
    ) async throws -> Answer {
        try await send(.post, path, token: token, body: try fields.text, from: address)
    }

    func patch(_ path: String, _ fields: [String: JSONValue], token: String, match: String?) async throws -> Answer {
        var headers = HTTPFields()
        headers[.ifMatch] = match
        return try await send(.patch, path, token: token, headers: headers, body: try fields.text)
    }

    func logIn(_ email: String, _ password: String = Self.password, from address: String = "203.0.113.5")
        async throws -> Answer
    {
        try await post(
            "/auth/login", ["email": .string(email), "password": .string(password)], from: address)
    }

    /// From a device that has kept what a login before set.
    func logIn(_ email: String, _ password: String = Self.password, device: String, from address: String) async throws
        -> Answer
    {
        let body: [String: JSONValue] = ["email": .string(email), "password": .string(password)]
        return try await send(
            .post, "/auth/login", headers: [.cookie: "theme=dark; \(device)"], body: try body.text, from: address)
    }

    func refresh(_ token: String) async throws -> Answer {
        try await post("/auth/refresh", ["refresh_token": .string(token)])
    }

    /// A new account with an open session.
    func account(_ role: Role = .student, email: String = "\(Identifier())@example.org") async throws -> Account {
        let answer = try await post(
            "/auth/signup", ["email": .string(email), "password": .string(Self.password)])
        try #require(answer.status == .created)
        if role == .student { return try Account(answer) }
        try await database.query(
            "UPDATE users SET role = $2, version = version + 1 WHERE email = $1::citext", [email, role.rawValue])
        return try Account(try await logIn(email))
    }

    /// Returns when the service says that it is ready.
    func isReady() async throws {
        let start = ContinuousClock.now
        while try await send(.get, "/ready").status != .ok {
            try #require(ContinuousClock.now - start < .seconds(30), "not ready in time")
            await Task.yield()
        }
    }

    func count(_ sql: SQL, _ parameters: [any PostgresEncodable] = []) async throws -> Int {
        try await database.query(sql, parameters)[0][0]
    }
}

/// Runs `body` with a service of the settings that `environment` changes.
func withAuth<Value: Sendable>(
    _ environment: [String: String] = [:], _ body: @Sendable (AuthFixture) async throws -> Value
) async throws -> Value {
    try await withTestDatabase(migrations: AuthService.migrations) { database in
        let schema: String = try await database.query("SELECT current_schema()::text")[0][0]
        return try await withAuth(environment, schema: schema, database, body)
    }
}

/// Runs `body` with another replica of the service, on a schema that is there already.
func withAuth<Value: Sendable>(
    _ environment: [String: String], schema: String, _ database: PostgresClient,
    _ body: @Sendable (AuthFixture) async throws -> Value
) async throws -> Value {
    let settings = try testSettings(environment, schema: schema)
    let own = PostgresClient(settings.database.options(applicationName: AuthService.name), logger: quietLogger)
    let parts = AuthParts(settings, database: own, logger: quietLogger)
    let application = try await AuthService.application(settings, parts, logger: quietLogger)
    let value = try await application.test(.router) { client in
        try await body(AuthFixture(client: client, database: database, settings: settings, parts: parts))
    }
    try removeMails(settings)
    return value
}

func testSettings(_ environment: [String: String], schema: String) throws -> Settings {
    let usual = [
        "DATABASE_URL": try #require(TestDatabase.url), "DATABASE_SCHEMA": schema, "DATABASE_CONNECTIONS": "4",
        "INTERNAL_SECRET": TestTokens.internalSecret, "BCRYPT_COST": "4",
        "MAIL_URL": "file:" + FileManager.default.temporaryDirectory.appending(path: "mail-\(Identifier())").path,
    ]
    var reader = SettingsReader(environment: usual.merging(environment) { $1 })
    let settings = Settings(from: &reader)
    try #require(reader.faults.isEmpty, "\(reader.faults)")
    return settings
}

let quietLogger: Logger = {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
}()

extension HTTPField.Name {
    static let clientAddress = Self("X-Forwarded-For")!
}

extension [String: JSONValue] {
    var text: String {
        get throws { String(decoding: try WireJSON.encode(self), as: UTF8.self) }
    }
}
