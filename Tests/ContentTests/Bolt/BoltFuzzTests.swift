import NIOCore
import Testing

@testable import Content

/// Throws random and mutated bytes at what reads from the network; `FUZZ_SECONDS` makes it longer.
@Suite("Fuzzing Bolt's parsers")
struct BoltFuzzTests {
    @Test("PackStream takes any bytes, and what it reads it writes so that it reads the same")
    func packStream() throws {
        let samples = try PackStreamTests.values.values.map { try BoltRequest.run("x", ["x": $0], [:]).encoded() }
            .filter { $0.readableBytes < 400 }
        try fuzz(samples) { bytes in
            var decoder = PackStreamDecoder(bytes)
            guard let (tag, fields) = try? decoder.message() else { return }
            var encoder = PackStreamEncoder()
            try encoder.encode(tag: tag, fields)
            var again = PackStreamDecoder(encoder.buffer)
            var rewritten = PackStreamEncoder()
            try rewritten.encode(tag: tag, try again.message().fields)
            #expect(rewritten.buffer == encoder.buffer)
        }
    }

    @Test("any bytes from a server end in answers or in an error")
    func stream() throws {
        let responses: [BoltResponse] = [
            .success(["fields": ["x"], "has_more": true]), .record([1, "a", .null]), .ignored,
            .failure(BoltServerError(code: "Neo.TransientError.X.Y", message: "m")),
        ]
        let samples = responses.indices.map { first in
            var bytes = ByteBuffer()
            for response in responses[first...] + responses[..<first] { bytes.writeChunks(response.encoded) }
            return bytes
        }
        try fuzz(samples) { bytes in
            var (bytes, dechunker, session) = (bytes, BoltDechunker(), BoltSession(version: .newest))
            try session.send(.hello([:]))
            dechunker.append(&bytes)
            do {
                while let message = try dechunker.next() { _ = try session.receive(BoltResponse(message)) }
            } catch is BoltError {} catch is PackStreamError {}
        }
    }

    @Test("any text is a GRAPH_URL or named as none")
    func urls() throws {
        let samples = ["bolt://a:b@host:7687/db", "neo4j+s://[::1]?policy=eu&x=%20"].map { ByteBuffer(string: $0) }
        try fuzz(samples) { bytes in
            let text = String(decoding: bytes.readableBytesView, as: UTF8.self)
            _ = try? BoltURL(text)
            if let address = BoltAddress(text) { #expect(BoltAddress(address.description) == address) }
        }
    }

    private func fuzz(_ samples: [ByteBuffer], _ body: (ByteBuffer) throws -> Void) throws {
        var generator = SplitMix(seed: Fuzzing.seed)
        let end = ContinuousClock().now + .seconds(Fuzzing.seconds ?? 0.3)
        while ContinuousClock().now < end {
            for _ in 0..<200 {
                let input = mutated(samples, using: &generator)
                do {
                    try body(input)
                } catch {
                    Issue.record("seed \(Fuzzing.seed), input \(input.hex): \(error)")
                    return
                }
            }
        }
    }

    /// Random bytes, or a sample with some bytes changed, taken out, doubled or cut off.
    private func mutated(_ samples: [ByteBuffer], using generator: inout SplitMix) -> ByteBuffer {
        guard var bytes = samples.randomElement(using: &generator).map({ Array($0.readableBytesView) }),
            !bytes.isEmpty, Int.random(in: 0..<8, using: &generator) > 0
        else {
            let count = Int.random(in: 0..<64, using: &generator)
            return ByteBuffer(bytes: (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        for _ in 0..<Int.random(in: 0...4, using: &generator) where !bytes.isEmpty {
            let position = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[position] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 2: bytes.remove(at: position)
            case 3: bytes.insert(contentsOf: bytes[position...].prefix(8), at: position)
            default: bytes.removeSubrange(position...)
            }
        }
        return ByteBuffer(bytes: bytes)
    }
}
