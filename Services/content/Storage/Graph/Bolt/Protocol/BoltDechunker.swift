import NIOCore

/// Puts messages together again: each comes in chunks of a 16-bit length and that many bytes, and ends with a chunk of
/// none. Such a one between messages only says that the other side is still there.
struct BoltDechunker {
    /// Bytes of one message; 16 MiB, as servers take themselves.
    static let maximumMessage = 16 << 20

    private var received = ByteBuffer()
    private var message = ByteBuffer()

    mutating func append(_ bytes: inout ByteBuffer) {
        received.discardReadBytes()
        received.writeBuffer(&bytes)
    }

    /// The next whole message; `nil` until more bytes come.
    ///
    /// - Throws: ``BoltError/violation(_:)`` when it grows beyond ``maximumMessage``.
    mutating func next() throws(BoltError) -> ByteBuffer? {
        while let length = received.getInteger(at: received.readerIndex, as: UInt16.self).map(Int.init) {
            guard received.readableBytes >= 2 + length else { return nil }
            received.moveReaderIndex(forwardBy: 2)
            if length == 0 {
                guard message.readableBytes > 0 else { continue }
                defer { message = ByteBuffer() }
                return message
            }
            guard message.readableBytes + length <= Self.maximumMessage, var chunk = received.readSlice(length: length)
            else { throw .violation("a message of more than \(Self.maximumMessage) bytes") }
            message.writeBuffer(&chunk)
        }
        return nil
    }
}

extension ByteBuffer {
    /// Writes `message` in chunks, with its end.
    mutating func writeChunks(_ message: ByteBuffer) {
        var message = message
        while message.readableBytes > 0,
            var chunk = message.readSlice(length: min(message.readableBytes, Int(UInt16.max)))
        {
            writeInteger(UInt16(chunk.readableBytes))
            writeBuffer(&chunk)
        }
        writeInteger(0 as UInt16)
    }
}
