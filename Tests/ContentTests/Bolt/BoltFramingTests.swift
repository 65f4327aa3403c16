import NIOCore
import Testing

@testable import Content

@Suite("Bolt's chunks and handshake")
struct BoltFramingTests {
    @Test("messages come out whole, however they are cut", arguments: [1, 2, 3, 7, 1_000, 100_000])
    func pieces(size: Int) throws {
        let messages = [1, 2, 65_535, 65_536, 200_000].map { ByteBuffer(repeating: UInt8($0 & 0xFF), count: $0) }
        var stream = ByteBuffer()
        for message in messages {
            stream.writeInteger(0 as UInt16)
            stream.writeChunks(message)
        }
        var dechunker = BoltDechunker()
        var found: [ByteBuffer] = []
        while stream.readableBytes > 0, var piece = stream.readSlice(length: min(size, stream.readableBytes)) {
            dechunker.append(&piece)
            while let message = try dechunker.next() { found.append(message) }
        }
        #expect(found == messages)
    }

    @Test("a message is cut into chunks of 65,535 bytes at most, and ended")
    func chunks() {
        var bytes = ByteBuffer()
        bytes.writeChunks(ByteBuffer(repeating: 9, count: 65_536))
        #expect(bytes.readInteger(as: UInt16.self) == 65_535)
        bytes.moveReaderIndex(forwardBy: 65_535)
        #expect(bytes.readableBytesView.elementsEqual([0, 1, 9, 0, 0]))
    }

    @Test("a message that never ends is refused")
    func endless() throws {
        var dechunker = BoltDechunker()
        let chunk = ByteBuffer(repeating: 0xFF, count: 2 + 65_535)
        #expect(throws: BoltError.self) {
            for _ in 0..<300 {
                var chunk = chunk
                dechunker.append(&chunk)
                _ = try dechunker.next()
            }
        }
    }

    @Test("the handshake offers 5.4 down to 5.0")
    func proposal() {
        #expect(
            BoltHandshake.proposal == [
                0x60, 0x60, 0xB0, 0x17, 0, 4, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            ])
    }

    @Test("each of these versions is taken", arguments: 0...4 as ClosedRange<UInt8>)
    func taken(minor: UInt8) throws {
        #expect(try BoltHandshake.version(from: [0, 0, minor, 5]) == BoltVersion(major: 5, minor: minor))
    }

    @Test(
        "a refusal names both sides' versions",
        arguments: [
            ([0, 0, 0, 0], "none of these"), (Array("HTTP".utf8), "HTTP"), ([0, 0, 4, 4], "4.4"),
            ([0, 0, 5, 5], "5.5"),
            ([0, 0, 1, 0xFF], "255.1"), ([1, 0, 4, 5], "5.4"),
        ] as [([UInt8], String)])
    func refused(answer: [UInt8], word: String) {
        let error = #expect(throws: BoltError.self) { try BoltHandshake.version(from: answer) }
        #expect(error?.description.contains("5.0 to 5.4") == true)
        #expect(error?.description.contains(word) == true)
    }
}
