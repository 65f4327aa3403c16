import AsyncHTTPClient
import FoundationEssentials
import NIOConcurrencyHelpers
import NIOCore
import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Media

@Suite("Over a real socket", .enabled(if: TestDatabase.isAvailable))
struct StreamingTests {
    private static let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n"
    private static let rules = Intake.Rules(maximumSize: 1 << 30, allowedTypes: Set(ContentTypes.usual))

    @Test("a large form goes in and comes out as it was")
    func largeForm() async throws {
        try await withMedia(.live, rules: Self.rules) { media in
            let block = ByteBuffer(repeating: 7, count: 1 << 20)
            let form = AsyncStream<ByteBuffer>.producing(
                [ByteBuffer(string: Self.head + "RIFF....WAVEfmt ")], repeating: block, count: 40,
                [ByteBuffer(string: "\r\n--b--")])
            var request = HTTPClientRequest(url: "http://127.0.0.1:\(media.client.port ?? 0)/media")
            request.method = .POST
            request.headers.add(name: "authorization", value: "Bearer \(try await media.token())")
            request.headers.add(name: "content-type", value: "multipart/form-data; boundary=b")
            request.body = .stream(form, length: .unknown)
            let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(300))
            #expect(answer.status == .created)
            let body = try await answer.body.collect(upTo: 1 << 20)
            let item = try WireJSON.decode(UploadedMedia.self, from: Data(body.readableBytesView))
            #expect(item.size == 16 + 40 << 20 && item.content_type == "audio/wav")

            var download = HTTPClientRequest(url: "http://127.0.0.1:\(media.client.port ?? 0)\(item.path)/content")
            download.headers.add(name: "authorization", value: "Bearer \(try await media.token())")
            var received = 0
            for try await bytes in try await HTTPClient.shared.execute(download, timeout: .seconds(300)).body {
                received += bytes.readableBytes
            }
            #expect(received == item.size)
        }
    }

    @Test("an upload that breaks off leaves nothing", arguments: [true, false])
    func brokenOff(isChunked: Bool) async throws {
        try await withMedia(.live) { media in
            let form = Self.head + "RIFF....WAVEfmt " + String(repeating: "x", count: 100_000)
            let framing =
                isChunked
                ? "transfer-encoding: chunked\r\n\r\n\(String(form.utf8.count + 100, radix: 16))\r\n"
                : "content-length: \(form.utf8.count + 100)\r\n\r\n"
            let answer = try await RawConnection.exchange(
                Self.requestHead(try await media.token()) + framing + form, port: try #require(media.client.port))
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400 "))
            try await media.waitUntilStoreIsEmpty()
            #expect(try await media.database.query("SELECT id FROM media").isEmpty)
        }
    }

    @Test("a length that is too short for the form is a form that is cut off")
    func lyingLength() async throws {
        try await withMedia(.live) { media in
            let form = Self.head + "RIFF....WAVEfmt \r\n--b--\r\n"
            let answer = try await RawConnection.exchange(
                Self.requestHead(try await media.token()) + "content-length: \(form.utf8.count - 10)\r\n\r\n" + form,
                port: try #require(media.client.port))
            #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.contains("application/problem+json"))
            try await media.waitUntilStoreIsEmpty()
        }
    }

    @Test("what can't fit is refused before it is sent")
    func announcedTooLarge() async throws {
        try await withMedia(.live) { media in
            let answer = try await RawConnection.exchange(
                Self.requestHead(try await media.token()) + "content-length: 99999999999\r\n\r\n" + Self.head,
                port: try #require(media.client.port))
            #expect(answer.hasPrefix("HTTP/1.1 413 ") && answer.lowercased().contains("connection: close"))
            #expect(try media.storedFiles().isEmpty)
        }
    }

    private static func requestHead(_ token: String) -> String {
        """
        POST /media HTTP/1.1\r
        host: 127.0.0.1\r
        authorization: Bearer \(token)\r
        content-type: multipart/form-data; boundary=b\r

        """
    }
}

extension MediaFixture {
    /// Clean-up goes on after the answer, when the connection is found to be broken.
    fileprivate func waitUntilStoreIsEmpty() async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(30))
        while try !storedFiles().isEmpty {
            try #require(ContinuousClock.now < deadline, "files are left in the store")
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

extension AsyncStream<ByteBuffer> {
    /// `first`, then `block` so often, then `last`; made one by one, as they are asked for.
    fileprivate static func producing(
        _ first: [ByteBuffer], repeating block: ByteBuffer, count: Int, _ last: [ByteBuffer]
    ) -> AsyncStream<ByteBuffer> {
        let position = NIOLockedValueBox(0)
        return AsyncStream {
            let index = position.withLockedValue { position in
                defer { position += 1 }
                return position
            }
            if index < first.count { return first[index] }
            if index < first.count + count { return block }
            let rest = index - first.count - count
            return rest < last.count ? last[rest] : nil
        }
    }
}
