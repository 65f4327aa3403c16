import WireProtocol

/// A tag that was canonical once, and what it is now.
struct RenamedLanguage: Sendable, Equatable {
    let old: String
    let canonical: LanguageTag

    /// `nil` for a tag that is canonical.
    init?(_ old: String) {
        guard let canonical = LanguageTag(old), canonical.description != old else { return nil }
        self.old = old
        self.canonical = canonical
    }

    /// What a text can be called from now on: the canonical tag, or else one with a private part that tells the old tag,
    /// `he-x-iw`, or a number.
    var candidates: [LanguageTag] {
        let separator = canonical.description.split(separator: "-").contains("x") ? "-" : "-x-"
        let told = LanguageTag(canonical.description + separator + old.lowercased())
        return [canonical] + [told].compactMap(\.self)
            + (2...9).compactMap { LanguageTag("\(canonical.base)-x-\($0)") }
    }
}
