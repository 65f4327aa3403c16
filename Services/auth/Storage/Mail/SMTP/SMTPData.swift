import NIOCore

/// A mail as it goes after DATA (RFC 5321 §4.5.2): with a dot more before each line that begins with one, and the line
/// of a dot alone that ends it.
enum SMTPData {
    static func encode(_ message: ByteBuffer) -> ByteBuffer {
        var output = ByteBuffer()
        output.reserveCapacity(message.readableBytes + message.readableBytes / 64 + 5)
        var isAtStart = true
        for byte in message.readableBytesView {
            if isAtStart, byte == UInt8(ascii: ".") { output.writeInteger(byte) }
            output.writeInteger(byte)
            isAtStart = byte == 0x0A
        }
        if !isAtStart { output.writeString("\r\n") }
        output.writeString(".\r\n")
        return output
    }
}
