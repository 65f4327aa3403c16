import Foundation
import NIOCore
import ServiceKitTesting
import Testing

@testable import Gateway

@Suite struct CompressionTests {
    private static let text = String(repeating: "Lessons in many languages. ", count: 4000)
    private let gzip = "Accept-Encoding: br, gzip;q=0.5\r\n"

    private func content(_ fields: String, chunked: Bool = false, status: String = "200 OK") async throws
        -> TestUpstream
    {
        try await TestUpstream { request, connection in
            let head = "HTTP/1.1 \(status)\r\n\(fields)"
            if chunked {
                try await connection.send("\(head)transfer-encoding: chunked\r\n\r\n")
                for piece in Self.text.split(by: 10_000) {
                    try await connection.send("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
                }
                try await connection.send("0\r\n\r\n")
            } else {
                try await connection.send("\(head)content-length: \(Self.text.utf8.count)\r\n\r\n\(Self.text)")
            }
        }
    }

    /// The answer's head, and its body as bytes out of their chunks.
    private func get(_ gateway: TestGateway, _ fields: String) async throws -> (head: TestMessage, body: ByteBuffer) {
        try await TestConnection.open(to: gateway.address) { connection in
            try await connection.send("GET /content/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(fields)\r\n")
            let head = TestMessage(head: try await connection.read(upTo: "\r\n\r\n"))
            var body = ByteBuffer()
            if head["transfer-encoding"] == "chunked" {
                while let size = Int(try await connection.read(upTo: "\r\n").dropLast(1), radix: 16), size > 0 {
                    body.writeImmutableBuffer(try await connection.read(count: size))
                    _ = try await connection.read(count: 2)
                }
            } else if let length = head["content-length"].flatMap({ Int($0) }) {
                body = try await connection.read(count: length)
            }
            return (head, body)
        }
    }

    /// What gzip makes of it.
    private func unzipped(_ bytes: ByteBuffer) async throws -> String {
        let file = URL.temporaryDirectory.appending(path: "\(UUID())")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(bytes.readableBytesView).write(to: file.appendingPathExtension("gz"))
        let gunzip = Process("/usr/bin/gunzip", [file.appendingPathExtension("gz").path()])
        #expect(try await gunzip.start().status() == 0)
        return try String(contentsOf: file, encoding: .utf8)
    }

    @Test(arguments: [true, false])
    func textIsCompressedForWhoAsksForIt(_ chunked: Bool) async throws {
        let content = try await content(
            "Content-Type: application/json; charset=utf-8\r\nETag: \"7\"\r\n", chunked: chunked)
        try await withGateway(content: content) { gateway in
            for _ in 0..<3 {
                let (head, body) = try await get(gateway, gzip)
                #expect(head["content-encoding"] == "gzip")
                #expect(head["vary"] == "accept-encoding")
                #expect(head["etag"] == "\"7-gzip\"")
                #expect(body.readableBytes < 10_000)
                #expect(try await unzipped(body) == Self.text)
            }
            let (head, body) = try await get(gateway, "Accept-Encoding: gzip;q=0, br\r\n")
            #expect(head["content-encoding"] == nil)
            #expect(head["vary"] == "accept-encoding")
            #expect(head["etag"] == "\"7\"")
            #expect(String(buffer: body) == Self.text)
        }
    }

    @Test(arguments: [
        "Content-Type: image/png\r\n", "Content-Type: application/json\r\nContent-Encoding: br\r\n",
        "Content-Type: text/event-stream\r\n", "Content-Type: text/plain\r\nAccept-Ranges: bytes\r\n", "",
    ])
    func whatGainsNothingOrMustStayAsItIsIsLeftAlone(_ fields: String) async throws {
        try await withGateway(content: try await content(fields)) { gateway in
            let (head, body) = try await get(gateway, gzip)
            #expect(head["vary"] == nil)
            #expect(String(buffer: body) == Self.text)
        }
    }

    @Test func aTagOfWhatWasCompressedIsTheServicesOwnToTheService() async throws {
        let content = try await TestUpstream { request, connection in
            try await connection.send("HTTP/1.1 304 Not Modified\r\nETag: \"7\"\r\n\r\n")
        }
        try await withGateway(content: content) { gateway in
            let (kept, _) = try await get(gateway, "If-None-Match: \"6\", \"7-gzip\"\r\n")
            #expect(kept.status == 304)
            #expect(kept["etag"] == "\"7-gzip\"")
            let (plain, _) = try await get(gateway, "If-None-Match: \"7\"\r\n")
            #expect(plain["etag"] == "\"7\"")
        }
        #expect(content.requests.map { $0["if-none-match"] } == ["\"6\", \"7\"", "\"7\""])
    }

    @Test func whatHasComeIsNotHeldBackForTheSakeOfCompression() async throws {
        let content = try await TestUpstream { _, connection in
            try await connection.send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst\n\r\n"
            )
            // The rest never comes.
            _ = try await connection.readMessage()
        }
        try await withGateway(content: content) { gateway in
            try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send("GET /content HTTP/1.1\r\nHost: a\r\n\(gzip)\r\n")
                _ = try await connection.read(upTo: "\r\n\r\n")
                var read = 0
                while read < 20, let more = try await connection.readSome() { read += more.readableBytes }
                #expect(read >= 20)
            }
        }
    }

    @Test(arguments: [
        ("gzip", true), ("GZIP", true), ("deflate, gzip;q=1.0, *;q=0.5", true), ("*", true), ("", false), ("br", false),
        ("gzip;q=0", false), ("gzip; q=0.000", false), ("gzip;q=0.001", true), ("xgzip", false), ("identity", false),
    ])
    func whoAsksForGzipIsUnderstood(_ value: String, _ expected: Bool) {
        #expect(value.bytes(Compressibility.accepts) == expected)
    }
}

extension String {
    fileprivate func split(by length: Int) -> [Substring] {
        stride(from: 0, to: count, by: length).map { dropFirst($0).prefix(length) }
    }
}
