import Foundation
import NIOCore
import Testing

@testable import Gateway

/// Through real sockets: whatever two parsers could disagree on ends the connection, and nothing behind it is served.
@Suite struct SmugglingTests {
    private static let hidden = "GET /content/hidden HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test(arguments: [
        "GET /content HTTP/1.1\nHost: a\n\n",
        "GET /content HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET /content HTTP/1.1\r\n\r\n",
        "GET /content HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /content HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n",
        "GET /content HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 45\r\n\r\n",
        "GET /content HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /content HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "GET /content HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\n\n",
        "GET /content HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\nx\r\n0\r\n\r\n",
        "GET /content/../internal/events HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET //internal/events HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /content/%2e%2e/internal HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /content%2f..%2finternal HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /content\u{0} HTTP/1.1\r\nHost: a\r\n\r\n",
    ])
    func anAmbiguousMessageIs400AndNothingBehindItIsServed(_ text: String) async throws {
        let content = try await TestUpstream.answering()
        try await withGateway(content: content) { gateway in
            let all = try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send(text + Self.hidden)
                return try await connection.readToEnd()
            }
            #expect(all.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(all.lowercased().contains("\r\nconnection: close\r\n"))
            #expect(all.components(separatedBy: "HTTP/1.1 ").count == 2)
            #expect(!content.requests.contains { $0.target.contains("hidden") })
        }
    }

    @Test(arguments: [
        ("FOO /content HTTP/1.1\r\nHost: a\r\n\r\n", 501), ("GET /content HTTP/3.0\r\nHost: a\r\n\r\n", 505),
        ("GET /content HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", 417),
        ("GET /content HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 17_000))\r\n\r\n", 431),
        ("GET /\(String(repeating: "x", count: 17_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 431),
    ])
    func whatIsNotSpokenHereIsToldApart(_ text: String, _ status: Int) async throws {
        try await withGateway { gateway in
            let answer = try await gateway.send(text)
            #expect(answer.status == status)
        }
    }

    @Test(arguments: [
        "TRACE /content HTTP/1.1\r\nHost: a\r\n\r\n", "TRACE /health HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
    ])
    func aMethodThatIsKnownAndServedNowhereIs405AndTellsTheOthers(_ text: String) async throws {
        let content = try await TestUpstream.answering()
        try await withGateway(content: content) { gateway in
            let answer = try await gateway.send(text)
            #expect(answer.status == 405)
            #expect(answer["allow"] == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
            #expect(content.requests.isEmpty)
        }
    }

    @Test(arguments: [
        "/", "/internal/events", "/internal", "/metrics", "/ready", "/openapi.yaml", "/contents", "/authx", "/Content",
        "/%63ontent", "/health/x", "/favicon.ico",
    ])
    func anUnknownPathIs404WithAProblemDocument(_ path: String) async throws {
        let content = try await TestUpstream.answering()
        try await withGateway(content: content) { gateway in
            let token = try await gateway.tokens.token(.admin)
            for fields in ["", "authorization: Bearer \(token)\r\n"] {
                let answer = try await gateway.get(path, fields: fields)
                #expect(answer.status == 404)
                #expect(answer["content-type"] == "application/problem+json")
                #expect(answer["x-content-type-options"] == "nosniff")
            }
            #expect(content.requests.isEmpty)
        }
    }
}
