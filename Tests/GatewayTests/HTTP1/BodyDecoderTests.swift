import NIOCore
import Testing

@testable import Gateway

@Suite struct BodyDecoderTests {
    /// What comes out when the bytes arrive in pieces of this size; what follows the message stays behind.
    private func decode(
        _ text: String, as framing: BodyFraming, pieces: Int
    ) throws(MessageFault) -> (content: String, rest: String, hasEnded: Bool, trailers: String?) {
        var decoder = BodyDecoder(framing)
        var content = ByteBuffer()
        var buffer = ByteBuffer()
        var input = ByteBuffer(string: text)
        while input.readableBytes > 0, !decoder.hasEnded {
            if let piece = input.readSlice(length: min(pieces, input.readableBytes)) {
                buffer.writeImmutableBuffer(piece)
            }
            steps: while true {
                switch try decoder.next(&buffer) {
                case .content(let piece): content.writeImmutableBuffer(piece)
                case .needsMore, .end: break steps
                }
            }
        }
        let rest = String(buffer: buffer) + String(buffer: input)
        return (String(buffer: content), rest, decoder.hasEnded, decoder.trailers.map { String(buffer: $0) })
    }

    @Test(arguments: 1...40)
    func aChunkedBodyIsTheSameHoweverItArrives(_ pieces: Int) throws {
        let text = "5\r\nhello\r\nA;ext=\"v\"\r\n, worlds, \r\n1\r\n!\r\n0\r\nTrailer: x\r\nOther: y\r\n\r\nNEXT"
        let result = try decode(text, as: .chunked, pieces: pieces)
        #expect(result.content == "hello, worlds, !")
        #expect(result.rest == "NEXT")
        #expect(result.hasEnded)
        #expect(result.trailers == "Trailer: x\r\nOther: y\r\n")
    }

    @Test(arguments: 1...12)
    func aBodyWithALengthEndsThere(_ pieces: Int) throws {
        let result = try decode("hello worldNEXT", as: .length(11), pieces: pieces)
        #expect(result.content == "hello world")
        #expect(result.rest == "NEXT")
    }

    @Test(arguments: [
        "5\nhello\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5\r\nhelloX\r\n0\r\n\r\n", "\r\nhello\r\n",
        "-5\r\nhello\r\n",
        "0x5\r\nhello\r\n", " 5\r\nhello\r\n", "5 \r\nhello\r\n", "5;a\nb\r\nhello\r\n", "10000000000000000\r\n",
        "g\r\n",
        "5;\u{1}\r\nhello\r\n", "0\r\nbad trailer\r\n\r\n", "0\r\na: b\n\r\n", "0\r\n a: b\r\n\r\n",
        "0\r\na: b\u{0}\r\n\r\n", "0\r\na: b\rc: d\r\n\r\n",
        "5;" + String(repeating: "a", count: 300), "0\r\na: " + String(repeating: "a", count: 9000),
    ])
    func aMalformedChunkIsRefusedHoweverItArrives(_ text: String) {
        for pieces in [1, 2, 7, 10_000] {
            #expect(throws: MessageFault.self) { try decode(text, as: .chunked, pieces: pieces) }
        }
    }
}
