import FoundationEssentials

/// Free text in a header (RFC 2047). What comes out is ASCII without control characters but for folds, so nothing in
/// the text can begin another header.
enum HeaderText {
    /// RFC 2047 §2.
    static let maximumWordLength = 75
    private static let prefix = "=?utf-8?B?"
    private static let suffix = "?="

    /// - Parameter column: bytes that stand before it in its line.
    static func encode(_ text: String, after column: Int) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?")
        return isPlain && column + text.utf8.count <= 78 ? text : words(text, after: column)
    }

    /// A name before an address, where more characters have a meaning of their own (RFC 5322 §3.2.5).
    static func encodePhrase(_ text: String, after column: Int) -> String {
        let isPlain = text.utf8.allSatisfy(isAtomTextOrSpace) && !text.contains("=?")
        return isPlain && column + text.utf8.count <= 78 ? text : words(text, after: column)
    }

    /// Base64 in words that each hold whole characters, one a line.
    private static func words(_ text: String, after column: Int) -> String {
        var words: [String] = []
        var bytes: [UInt8] = []
        func room() -> Int {
            let length = words.isEmpty ? min(maximumWordLength, 76 - column) : maximumWordLength
            return (length - prefix.utf8.count - suffix.utf8.count) / 4 * 3
        }
        func finish() {
            words.append(prefix + Data(bytes).base64EncodedString() + suffix)
            bytes = []
        }
        for scalar in text.unicodeScalars {
            let encoded = Array(String(scalar).utf8)
            if bytes.count + encoded.count > room() { finish() }
            bytes += encoded
        }
        if !bytes.isEmpty { finish() }
        return words.joined(separator: "\r\n ")
    }

    private static func isAtomTextOrSpace(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
