import Foundation
import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import Gateway

/// Random valid exchanges, once with the service directly and once through the gateway: both sides must see the same.
@Suite struct DifferentialTests {
    /// One request and the answer to it.
    private struct Exchange: Sendable {
        var method: String
        var request: String
        var answer: String
    }

    /// What a gateway may and must change.
    private static let ownFields: Set<String> = [
        "connection", "transfer-encoding", "x-request-id", "traceparent", "x-forwarded-for", "x-forwarded-proto",
        "x-forwarded-host", "date", "x-content-type-options", "x-frame-options", "referrer-policy", "keep-alive", "te",
        "trailer",
    ]

    private static func fields(_ message: TestMessage) -> [String] {
        message.lines.filter { line in !ownFields.contains(line.prefix { $0 != ":" }.lowercased()) }.sorted()
    }

    private static func framed(_ body: String, using dice: inout RandomSource) -> (field: String, bytes: String) {
        guard Bool.random(using: &dice) else { return ("Content-Length: \(body.utf8.count)\r\n", body) }
        var rest = Substring(body)
        var bytes = ""
        while !rest.isEmpty {
            let count = Int.random(in: 1...max(1, min(rest.count, 3000)), using: &dice)
            let piece = rest.prefix(count)
            let size = String(piece.utf8.count, radix: 16, uppercase: Bool.random(using: &dice))
            let extensions = ["", ";a", ";a=b", "; a=\"b\""].randomElement(using: &dice) ?? ""
            bytes += "\(size)\(extensions)\r\n\(piece)\r\n"
            rest = rest.dropFirst(count)
        }
        return ("Transfer-Encoding: chunked\r\n", bytes + "0\r\n\(Bool.random(using: &dice) ? "X-Sum: 1\r\n" : "")\r\n")
    }

    private static func body(using dice: inout RandomSource) -> String {
        let length = [0, 1, 100, 5000, 40_000].randomElement(using: &dice) ?? 0
        return String((0..<length).map { _ in "abcdefghij\r\n 0:".randomElement(using: &dice) ?? "a" })
    }

    private static func fieldLines(using dice: inout RandomSource) -> String {
        let fields = [
            "X-Plain: value", "x-empty:", "X-Spaces:   a  b \t", "Accept: */*", "Accept-Language: de, en;q=0.5",
            "Cookie: a=b; c=d", "If-None-Match: W/\"abc\"", "X-Long: \(String(repeating: "y", count: 3000))",
            "X-Twice: 1\r\nX-Twice: 2", "User-Agent: test/1.0 (like others)", "X-Odd: !#$%&'*+-.^_`|~",
            "Cache-Control: no-cache",
        ]
        return fields.filter { _ in Int.random(in: 0..<3, using: &dice) == 0 }.map { $0 + "\r\n" }.joined()
    }

    private static func exchange(_ number: Int, token: String, using dice: inout RandomSource) -> Exchange {
        let method = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].randomElement(using: &dice) ?? "GET"
        let path =
            ["/content", "/content/1", "/knowledge/a-b_c~d", "/graph/%C3%A9", "/graph/x;y=z", "/content/a:b@c"]
            .randomElement(using: &dice) ?? "/content"
        let query = ["", "?", "?a=b&c=%20", "?x=/../%2e", "?q=\"<>"].randomElement(using: &dice) ?? ""
        var head = "\(method) \(path)\(query) HTTP/1.1\r\nHost: lyceum.test\r\nX-Case: \(number)\r\n"
        head += "Authorization: Bearer \(token)\r\n\(fieldLines(using: &dice))"
        if method == "GET" || method == "HEAD" {
            head += "\r\n"
        } else {
            let body = framed(body(using: &dice), using: &dice)
            head += body.field + "\r\n" + body.bytes
        }
        let status =
            ["200 OK", "201 Created", "204 No Content", "404 Not Found", "299 ", "500 Oh"]
            .randomElement(using: &dice) ?? "200 OK"
        var answer = "HTTP/1.1 \(status)\r\n\(fieldLines(using: &dice))"
        if status.hasPrefix("204") {
            answer += "\r\n"
        } else {
            let body = framed(body(using: &dice), using: &dice)
            answer += body.field + "\r\n" + (method == "HEAD" ? "" : body.bytes)
        }
        return Exchange(method: method, request: head, answer: answer)
    }

    @Test func serviceAndClientSeeTheSameAsWithoutTheGateway() async throws {
        let answers = NIOLockedValueBox<[String: String]>([:])
        let service = try await TestUpstream { request, connection in
            let answer =
                answers.withLockedValue { $0[request["x-case"] ?? ""] }
                ?? "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
            try await connection.send(answer)
        }
        try await withGateway(content: service) { gateway in
            let token = try await gateway.tokens.token(.admin)
            var dice = RandomSource(seed: 20_261_124)
            for number in 0..<120 {
                let exchange = Self.exchange(number, token: token, using: &dice)
                answers.withLockedValue { $0["\(number)"] = exchange.answer }
                let seen = try await [service.address, gateway.address].asyncMap { address in
                    try await TestConnection.open(to: address) { connection in
                        try await connection.send(exchange.request)
                        return try await connection.readMessage(hasBody: exchange.method != "HEAD")
                    }
                }
                #expect(seen[0].startLine == seen[1].startLine, "\(exchange.request.prefix(300))")
                #expect(seen[0].trailers == seen[1].trailers)
                #expect(seen[0].body == seen[1].body, "\(exchange.request.prefix(300))")
                #expect(Self.fields(seen[0]) == Self.fields(seen[1]), "\(exchange.answer.prefix(300))")
                let requests = service.requests.filter { $0["x-case"] == "\(number)" }
                try #require(requests.count == 2)
                #expect(requests[0].startLine == requests[1].startLine)
                #expect(requests[0].body == requests[1].body)
                #expect(requests[0].trailers == requests[1].trailers)
                #expect(Self.fields(requests[0]) == Self.fields(requests[1]))
            }
        }
    }
}

extension Array {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
