/// The language ranges of an `Accept-Language` field (RFC 9110 §12.5.4). What is not well-formed is skipped.
public struct AcceptLanguage: Sendable, Equatable {
    /// Entries read; nobody speaks more.
    public static let maximumEntries = 50

    /// The highest weight first, then in the order of the field; without those of weight 0. `*` is skipped, as lookup
    /// does (RFC 4647 §3.4): it names no language, and the default is taken where none is named.
    public let tags: [LanguageTag]
    /// Those of weight 0: not acceptable.
    public let refused: [LanguageTag]

    public init(_ field: String) {
        let entries = field.split(separator: ",").prefix(Self.maximumEntries).compactMap(Self.entry)
        tags = entries.enumerated()
            .filter { $0.element.weight > 0 }
            .sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
            .map(\.element.tag)
        refused = entries.filter { $0.weight == 0 }.map(\.tag)
    }

    private static func entry(_ text: Substring) -> (tag: LanguageTag, weight: Int)? {
        let parts = text.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false).map(trimmed)
        guard let first = parts.first, let tag = LanguageTag(String(first)) else { return nil }
        guard parts.count == 2 else { return (tag, 1_000) }
        guard parts[1].lowercased().hasPrefix("q="), let weight = weight(parts[1].dropFirst(2)) else { return nil }
        return (tag, weight)
    }

    /// In thousandths, from `0`, `0.5` or `1.000`: at most three digits after the point (RFC 9110 §12.4.2).
    private static func weight(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.first == "0" || parts.first == "1" else { return nil }
        let digits = parts.count == 2 ? parts[1] : ""
        guard digits.utf8.count <= 3, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let thousandths = Int(parts[0] + digits + String(repeating: "0", count: 3 - digits.utf8.count)) ?? 0
        return thousandths <= 1_000 ? thousandths : nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
