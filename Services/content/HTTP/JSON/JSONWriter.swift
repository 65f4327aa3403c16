import NIOCore

/// Writes JSON (RFC 8259) straight into a buffer: for what is read so often, or is so long, that `JSONEncoder` would be
/// most of the work.
struct JSONWriter {
    private(set) var buffer: ByteBuffer

    init(capacity: Int) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
    }

    /// JSON that is known to be so.
    mutating func raw(_ json: String) {
        buffer.writeString(json)
    }

    mutating func string(_ text: String) {
        buffer.writeInteger(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            var start = 0
            for (index, byte) in bytes.enumerated() where Self.mustEscape(byte) {
                buffer.writeBytes(bytes[start..<index])
                escape(byte)
                start = index + 1
            }
            buffer.writeBytes(bytes[start...])
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    private static func mustEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): buffer.writeString(#"\""#)
        case UInt8(ascii: "\\"): buffer.writeString(#"\\"#)
        case 0x08: buffer.writeString(#"\b"#)
        case 0x0C: buffer.writeString(#"\f"#)
        case UInt8(ascii: "\n"): buffer.writeString(#"\n"#)
        case UInt8(ascii: "\r"): buffer.writeString(#"\r"#)
        case UInt8(ascii: "\t"): buffer.writeString(#"\t"#)
        default:
            let digits = String(byte, radix: 16)
            buffer.writeString(digits.utf8.count == 1 ? #"\u000"# : #"\u00"#)
            buffer.writeString(digits)
        }
    }
}
