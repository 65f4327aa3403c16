/// The escapes in JSON strings (RFC 8259 §7).
enum JSONEscapes {
    /// - Parameter bytes: UTF-8 between the quotes of a string whose escapes ``JSONReader`` has checked.
    static func undone(in bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var rest = bytes
        while let backslash = rest.firstIndex(of: UInt8(ascii: "\\")) {
            text += rest[..<backslash]
            let code = rest[backslash + 1]
            rest = rest[(backslash + 2)...]
            if code == UInt8(ascii: "u") {
                text += String(scalar(at: &rest)).utf8
            } else {
                text.append(plain(code))
            }
        }
        text += rest
        return String(decoding: text, as: UTF8.self)
    }

    private static func plain(_ code: UInt8) -> UInt8 {
        switch code {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: code
        }
    }

    /// From the four digits that are next, and those of the trail surrogate behind them.
    private static func scalar(at rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Unicode.Scalar {
        let unit = takeUnit(&rest)
        guard UTF16.isLeadSurrogate(unit) else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
        rest = rest.dropFirst(2)
        return UTF16.decode(UTF16.EncodedScalar([unit, takeUnit(&rest)]))
    }

    private static func takeUnit(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> UInt16 {
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 4 | UInt16(Character(UnicodeScalar($1)).hexDigitValue ?? 0) }
    }
}
