/// An e-mail address as forms on the web accept it (WHATWG HTML §4.10.5.1.5), of at most 254 bytes
/// (RFC 5321 §4.5.3.1.3). Case is kept, and makes no difference.
struct EmailAddress: Sendable, Hashable, LosslessStringConvertible {
    static let maximumLength = 254

    let description: String

    /// `nil` for what is no address.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.maximumLength, parts.count == 2, Self.isLocalPart(parts[0]) else { return nil }
        let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.allSatisfy(Self.isLabel) else { return nil }
        description = text
    }

    /// What is after the @.
    var domain: String {
        String(description.drop { $0 != "@" }.dropFirst())
    }

    private static func isLocalPart(_ bytes: Substring.UTF8View) -> Bool {
        (1...64).contains(bytes.count)
            && bytes.allSatisfy { isLetterOrDigit($0) || ".!#$%&'*+/=?^_`{|}~-".utf8.contains($0) }
    }

    private static func isLabel(_ bytes: Substring.UTF8View) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return (1...63).contains(bytes.count) && bytes.first != hyphen && bytes.last != hyphen
            && bytes.allSatisfy { isLetterOrDigit($0) || $0 == hyphen }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
