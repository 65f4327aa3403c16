import HTTPTypes
public import Hummingbird

extension Request {
    /// The one of `types` that `Accept` wants most, the earlier of equals (RFC 9110 §12.5.1); `nil` when it takes none.
    public func preferredMediaType(of types: [String]) -> String? {
        Accept(headers[.accept]).preferred(of: types)
    }
}

/// The media types that a request takes (RFC 9110 §12.5.1).
struct Accept {
    private let field: String?

    init(_ field: String?) {
        self.field = field
    }

    /// Whether one of `types` is accepted. Parameters other than `q` are ignored; a field without an entry takes all.
    func allows(anyOf types: [String]) -> Bool {
        guard let field, !types.isEmpty, field != "*/*" else { return true }
        let ranges = field.split(separator: ",").map(Range.init)
        return ranges.isEmpty || types.contains { type in Self.quality(of: type, in: ranges) > 0 }
    }

    /// The one of `types` that is wanted most, the earlier of equals; `nil` when none is accepted.
    func preferred(of types: [String]) -> String? {
        guard let field, field != "*/*" else { return types.first }
        let ranges = field.split(separator: ",").map(Range.init)
        guard !ranges.isEmpty else { return types.first }
        let rated = types.enumerated().map { (index: $0, type: $1, quality: Self.quality(of: $1, in: ranges)) }
        let best = rated.max { ($0.quality, $1.index) < ($1.quality, $0.index) }
        return best.flatMap { $0.quality > 0 ? $0.type : nil }
    }

    /// That of the most specific range which covers `type`.
    private static func quality(of type: String, in ranges: [Range]) -> Double {
        let covering = ranges.filter { $0.covers(type) }
        return covering.max { $0.specificity < $1.specificity }?.quality ?? 0
    }

    private struct Range {
        let type: String
        let quality: Double

        init(_ text: Substring) {
            let parts = text.split(separator: ";").map { $0.lowercased().filter { !$0.isWhitespace } }
            type = parts.first ?? ""
            let q = parts.dropFirst().first { $0.hasPrefix("q=") }
            quality = q.flatMap { Double($0.dropFirst(2)) } ?? 1
        }

        var specificity: Int { type == "*/*" ? 0 : type.hasSuffix("/*") ? 1 : 2 }

        func covers(_ other: String) -> Bool {
            type == "*/*" || type == other || (type.hasSuffix("/*") && other.hasPrefix(type.dropLast()))
        }
    }
}
