/// Writes rows in COPY's text format (documentation, "COPY", File Formats): tabs between fields, `\N` for NULL.
public struct CopyTextWriter: Sendable {
    private var bytes: [UInt8] = []

    public init() {}

    /// How many bytes `take()` would return.
    public var count: Int { bytes.count }

    public mutating func append(_ row: [any PostgresEncodable]) {
        for (index, field) in row.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: "\t")) }
            switch field.postgresParameter {
            case .null: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "N")]
            case .text(let text): appendEscaped(text)
            case .binary(let value):
                bytes += "\\\\x".utf8
                bytes += Hex.text(of: value).utf8
            }
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// What has been written since the last call.
    public mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    private mutating func appendEscaped(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += [byte, byte]
            case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\r"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            case UInt8(ascii: "\t"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            default: bytes.append(byte)
            }
        }
    }
}
