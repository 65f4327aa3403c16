import NIOCore

/// Writes JSON (RFC 8259) without building a tree: for what is read so often, or is so long, that `JSONEncoder` would be
/// most of the work.
struct JSONWriter {
    /// An array, since a `ByteBuffer` takes longer for many small pieces.
    private var bytes: [UInt8] = []

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    var count: Int { bytes.count }
    var buffer: ByteBuffer { ByteBuffer(bytes: bytes) }

    /// JSON that is known to be so.
    mutating func raw(_ json: String) {
        bytes += json.utf8
    }

    mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { text in
            var rest = text[...]
            while let index = rest.firstIndex(where: Self.mustEscape) {
                bytes += rest[..<index]
                escape(rest[index])
                rest = rest[(index + 1)...]
            }
            bytes += rest
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func mustEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): raw(#"\""#)
        case UInt8(ascii: "\\"): raw(#"\\"#)
        case 0x08: raw(#"\b"#)
        case 0x0C: raw(#"\f"#)
        case UInt8(ascii: "\n"): raw(#"\n"#)
        case UInt8(ascii: "\r"): raw(#"\r"#)
        case UInt8(ascii: "\t"): raw(#"\t"#)
        default:
            let digits = String(byte, radix: 16)
            raw(digits.utf8.count == 1 ? #"\u000"# : #"\u00"#)
            raw(digits)
        }
    }
}
