import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import ServiceKitTesting
import Testing
import WireProtocol

/// The real program as it serves, on the schema of a fixture.
struct AuthServer: Sendable {
    struct Reply: Sendable {
        let status: UInt
        let text: String

        var body: JSONValue {
            get throws { text.isEmpty ? .null : try WireJSON.decode(JSONValue.self, from: Data(text.utf8)) }
        }
    }

    let port: Int

    func call(_ method: HTTPMethod, _ path: String, _ fields: [String: JSONValue]? = nil, token: String? = nil)
        async throws -> Reply
    {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        if let fields {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: try fields.text))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        return Reply(
            status: response.status.code, text: String(buffer: try await response.body.collect(upTo: 1 << 22)))
    }

    func logIn(_ email: String, _ password: String = AuthFixture.password) async throws -> Reply {
        try await call(.POST, "/auth/login", ["email": .string(email), "password": .string(password)])
    }

    /// The value of a series at /metrics, as `auth_logins_total{outcome="success"}`; `nil` when there is none.
    func metric(_ series: String) async throws -> Double? {
        let lines = try await call(.GET, "/metrics").text.split(separator: "\n")
        return lines.first { $0.hasPrefix(series + " ") }.flatMap { Double($0.dropFirst(series.count + 1)) }
    }
}

extension AuthFixture {
    /// Runs `body` beside a server of the real program.
    func withServer(_ environment: [String: String], _ body: (AuthServer) async throws -> Void) async throws {
        let usual = ["PORT": "0", "LOG_LEVEL": "info"]
        let command = try start(["serve"], environment: usual.merging(environment) { $1 })
        do {
            try await eventually { try Self.port(in: command) != nil }
            let server = AuthServer(port: try #require(try Self.port(in: command)))
            try await eventually { try await server.call(.GET, "/ready").status == 200 }
            try await body(server)
        } catch {
            _ = try await command.stop()
            throw error
        }
        #expect(try await command.stop().status == 0)
    }

    private static func port(in command: AuthCommand) throws -> Int? {
        try command.errors.firstMatch(of: /"listening"[^\n]*?:(\d+)"/).flatMap { Int($0.1) }
    }
}
