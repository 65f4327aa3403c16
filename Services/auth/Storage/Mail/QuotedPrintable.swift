/// RFC 2045 §6.7, for text: line breaks stay line breaks, as CR LF.
enum QuotedPrintable {
    static let maximumLineLength = 76

    static func encode(_ text: String) -> String {
        var output: [UInt8] = []
        var lines = text.replacing("\r\n", with: "\n").utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for line in lines {
            append(line, to: &output)
            output += [0x0D, 0x0A]
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func append(_ line: Substring.UTF8View, to output: inout [UInt8]) {
        var column = 0
        for (index, byte) in zip(line.indices, line) {
            let isLast = line.index(after: index) == line.endIndex
            let encoded = isLiteral(byte, isLast: isLast) ? [byte] : escape(byte)
            // Room for the = of a soft line break, unless nothing follows.
            if column + encoded.count > maximumLineLength - (isLast ? 0 : 1) {
                output += [UInt8(ascii: "="), 0x0D, 0x0A]
                column = 0
            }
            output += encoded
            column += encoded.count
        }
    }

    private static func isLiteral(_ byte: UInt8, isLast: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "="): false
        // Blanks at the end of a line get lost on the way.
        case UInt8(ascii: " "), UInt8(ascii: "\t"): !isLast
        default: (0x21...0x7E).contains(byte)
        }
    }

    private static func escape(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
