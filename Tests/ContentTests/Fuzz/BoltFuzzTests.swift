import NIOCore
import Testing

@testable import Content

/// As ``FuzzTests``, for what reads from the graph database.
@Suite("Fuzz of Bolt", .enabled(if: Fuzzing.seconds != nil), .serialized)
struct BoltFuzzTests {
    @Test func `PackStream, and what it reads it writes so that it reads the same`() throws {
        let samples = try PackStreamTests.values.values.map { try BoltRequest.run("x", ["x": $0], [:]).encoded() }
            .filter { $0.readableBytes < 400 }
        let markers: [[UInt8]] = [[0xD0], [0xD4, 0x01], [0xD8], [0xCC], [0xB1, 0x4E], [0xB3, 0x50], [0xC0], [0xCB]]
        try Fuzzing.run(samples.map(\.bytes), pieces: markers) { bytes, _ in
            var decoder = PackStreamDecoder(ByteBuffer(bytes: bytes))
            let (tag, fields): (UInt8, [BoltValue])
            do { (tag, fields) = try decoder.message() } catch is PackStreamError { return }
            var encoder = PackStreamEncoder()
            try encoder.encode(tag: tag, fields)
            var again = PackStreamDecoder(encoder.buffer)
            var rewritten = PackStreamEncoder()
            try rewritten.encode(tag: tag, try again.message().fields)
            #expect(rewritten.buffer == encoder.buffer)
        }
    }

    @Test func `A server's answers`() throws {
        let responses: [BoltResponse] = [
            .success(["fields": ["x"], "has_more": true]), .record([1, "a", .null]), .ignored,
            .failure(BoltServerError(code: "Neo.TransientError.X.Y", message: "m")),
        ]
        let samples = responses.indices.map { first in
            var bytes = ByteBuffer()
            for response in responses[first...] + responses[..<first] { bytes.writeChunks(response.encoded) }
            return bytes.bytes
        }
        try Fuzzing.run(samples, pieces: [[0, 0], [0, 1, 0xB0], [0xFF, 0xFF], [0xB1, 0x70], [0xB1, 0x7F]]) { bytes, _ in
            var (buffer, dechunker) = (ByteBuffer(bytes: bytes), BoltDechunker())
            var session = BoltSession(version: .newest)
            try session.send(.hello([:]))
            dechunker.append(&buffer)
            do {
                while let message = try dechunker.next() { _ = try session.receive(BoltResponse(message)) }
            } catch is BoltError {} catch is PackStreamError {}
        }
    }

    @Test func `GRAPH_URL`() throws {
        let samples = ["bolt://a:b@host:7687/db", "neo4j+s://[::1]?policy=eu&x=%20"]
        try Fuzzing.run(samples, pieces: ["://", "[", "]", ":", "@", "%", "?", "0"]) { bytes, _ in
            let text = String(decoding: bytes, as: UTF8.self)
            do { _ = try BoltURL(text) } catch is BoltURL.Fault {}
            if let address = BoltAddress(text) { #expect(BoltAddress(address.description) == address) }
        }
    }
}

extension ByteBuffer {
    fileprivate var bytes: [UInt8] { Array(readableBytesView) }
}
