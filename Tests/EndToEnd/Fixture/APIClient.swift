import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing
import WireProtocol

/// A caller of the public API, as an app would be.
struct APIClient: Sendable {
    var base: String
    var token: String?

    /// Logs in with the demonstration data's password.
    func loggedIn(as account: DemoData.Account) async throws -> APIClient {
        try await loggedIn(email: account.email, password: DemoData.password)
    }

    func loggedIn(email: String, password: String) async throws -> APIClient {
        let answer = try await post("/auth/login", ["email": .string(email), "password": .string(password)])
        try #require(answer.status == 200, "login of \(email): \(answer)")
        return with(token: answer.json["access_token"].string)
    }

    func with(token: String?) -> APIClient {
        APIClient(base: base, token: token)
    }

    func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Answer {
        try await call(.GET, path, headers)
    }

    func post(_ path: String, _ body: JSON, _ headers: [String: String] = [:]) async throws -> Answer {
        try await call(.POST, path, headers, json: body)
    }

    func post(_ path: String, _ body: [String: JSON]) async throws -> Answer {
        try await post(path, .object(body))
    }

    func put(_ path: String, _ body: JSON, _ headers: [String: String] = [:]) async throws -> Answer {
        try await call(.PUT, path, headers, json: body)
    }

    func delete(_ path: String) async throws -> Answer {
        try await call(.DELETE, path)
    }

    func call(
        _ method: HTTPMethod, _ path: String, _ headers: [String: String] = [:], json: JSON
    ) async throws -> Answer {
        let body = HTTPClientRequest.Body.bytes(ByteBuffer(bytes: try JSONEncoder().encode(json)))
        return try await call(
            method, path, headers.merging(["content-type": "application/json"]) { own, _ in own }, body)
    }

    func call(
        _ method: HTTPMethod, _ path: String, _ headers: [String: String] = [:], _ body: HTTPClientRequest.Body? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let token { request.headers.replaceOrAdd(name: "authorization", value: "Bearer \(token)") }
        request.body = body
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        return Answer(
            status: Int(response.status.code), headers: response.headers,
            body: Data(try await response.body.collect(upTo: 256 << 20).readableBytesView))
    }
}

struct Answer: Sendable, CustomStringConvertible {
    let status: Int
    let headers: HTTPHeaders
    let body: Data

    /// `null` when the body is no JSON.
    var json: JSON { (try? JSONDecoder().decode(JSON.self, from: body)) ?? .null }
    var text: String { String(decoding: body, as: UTF8.self) }
    var description: String { "\(status) \(text.prefix(500))" }

    /// Whether this is an error answer as RFC 9457 and the API's conventions want it.
    func isProblem(_ expected: Int) -> Bool {
        status == expected && headers.first(name: "content-type") == Problem.mediaType
            && json["status"].integer == expected && json["title"].string != nil
            && json["request_id"].string == headers.first(name: HeaderName.requestID)
    }
}
