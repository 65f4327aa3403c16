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

    private static func entry(_ text: Substring) -> (tag: LanguageTag, weight: Double)? {
        let parts = text.split(separator: ";", maxSplits: 1).map { $0.filter { $0 != " " && $0 != "\t" } }
        guard let first = parts.first, let tag = LanguageTag(first) else { return nil }
        guard parts.count == 2 else { return (tag, 1) }
        guard parts[1].lowercased().hasPrefix("q="), let weight = Double(parts[1].dropFirst(2)),
            (0...1).contains(weight)
        else { return nil }
        return (tag, weight)
    }
}
