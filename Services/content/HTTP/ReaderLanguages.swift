import Hummingbird
import ServiceKit
import WireProtocol

extension QueryReader {
    /// The languages that a reader takes, the best first, each followed by what RFC 4647 §3.4 falls back to: those of
    /// `?language=`, else of `Accept-Language`.
    mutating func readerLanguages(of request: Request) -> [LanguageTag] {
        if let tag = language("language") { return tag.lookupChain }
        return AcceptLanguage(request.headers[.acceptLanguage] ?? "").tags.flatMap(\.lookupChain)
    }
}

/// The languages of an `Accept-Language` field (RFC 9110 §12.5.4). What is not well-formed is skipped, as is `*`, which
/// names no language.
struct AcceptLanguage: Sendable, Equatable {
    /// Entries read; nobody speaks more.
    static let maximumEntries = 50

    /// The highest weight first, then in the order of the field; without those of weight 0.
    let tags: [LanguageTag]

    init(_ field: String) {
        tags = field.split(separator: ",").prefix(Self.maximumEntries)
            .compactMap(Self.entry)
            .enumerated()
            .filter { $0.element.weight > 0 }
            .sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
            .map(\.element.tag)
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
