import FoundationEssentials
import HTTPTypes
import HummingbirdTesting
import NIOCore
import WireProtocol

/// Calls the API as one user.
struct Caller: Sendable {
    let client: any TestClientProtocol
    let token: String?

    func call(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, headers: HTTPFields = [:]
    ) async throws -> Answer {
        try await call(method, path, body.map { ByteBuffer(string: $0) }, headers: headers)
    }

    func call(
        _ method: HTTPRequest.Method, _ path: String, _ body: ByteBuffer?, headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token)" }
        if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        let response = try await client.execute(uri: path, method: method, headers: headers, body: body)
        return Answer(
            status: response.status, headers: response.headers, bytes: Array(response.body.readableBytesView))
    }

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await call(.get, path, nil as String?, headers: headers)
    }

    func post(_ path: String, _ body: String = "{}", headers: HTTPFields = [:]) async throws -> Answer {
        try await call(.post, path, body, headers: headers)
    }

    func put(_ path: String, _ body: String, match: String? = nil) async throws -> Answer {
        try await call(.put, path, body, headers: match.map { [.ifMatch: $0] } ?? [:])
    }

    func patch(_ path: String, _ body: String, match: String? = nil) async throws -> Answer {
        try await call(.patch, path, body, headers: match.map { [.ifMatch: $0] } ?? [:])
    }

    func delete(_ path: String, match: String? = nil) async throws -> Answer {
        try await call(.delete, path, nil as String?, headers: match.map { [.ifMatch: $0] } ?? [:])
    }

    func bulk(_ lines: String...) async throws -> Answer {
        try await bulk(ByteBuffer(string: lines.joined(separator: "\n")))
    }

    func bulk(_ body: ByteBuffer) async throws -> Answer {
        try await call(.post, "/content/bulk", body, headers: [.contentType: "application/x-ndjson"])
    }
}
