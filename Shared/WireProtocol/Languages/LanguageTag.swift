/// A language tag (BCP 47, RFC 5646) in canonical form (§4.5): `pt-BR`, `zh-Hant-TW`, `sr-Latn`.
///
/// Case is as recommended, deprecated subtags and grandfathered tags become what the subtag registry prefers (`iw` is
/// `he`, `zh-yue` is `yue`), extensions stand in the order of their singletons. Well-formedness is checked, validity
/// against the registry is not. At most 35 characters (§4.4.1).
public struct LanguageTag: Sendable, Hashable, Codable, LosslessStringConvertible {
    public static let maximumLength = 35

    public let description: String

    /// `nil` when `text` is not well-formed.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength, let subtags = LanguageSubtags(canonicalising: text) else {
            return nil
        }
        description = subtags.description
    }

    /// - Parameter canonical: the ``description`` of a tag, which is not looked at again.
    public init(canonical: String) {
        description = canonical
    }

    /// The language alone, without script, region or variants: `pt` for `pt-BR`. A tag of private use only, such as
    /// `x-own`, and `i-default`, is its own.
    public var base: LanguageTag {
        let language = description.prefix { $0 != "-" }
        return language.utf8.count == 1 ? self : LanguageTag(canonical: String(language))
    }

    /// This tag, then each shorter one that RFC 4647 §3.4 (lookup) would try: `de-CH-1996`, `de-CH`, `de`.
    ///
    /// Where a language is written in several scripts, the one that its region tells is tried too, so that `zh-TW`
    /// finds `zh-Hant`, and `zh` finds `zh-Hans`: see ``LikelyScript``.
    public var lookupChain: [LanguageTag] {
        var seen: Set<[Substring]> = []
        return truncations.flatMap { [$0] + LikelyScript.equivalents(of: $0, shortenedFrom: truncations[0]) }
            .filter { seen.insert($0).inserted }
            // Shortened to one that the registry replaces as a whole, sgn-FR-x-a leads to fsl.
            .compactMap { LanguageTag($0.joined(separator: "-")) }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let tag = LanguageTag(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "must be a BCP 47 language tag, such as en or pt-BR")
        }
        self = tag
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// The subtags of the whole, without the last, and so on; a singleton never stands last.
    private var truncations: [[Substring]] {
        var subtags = description.split(separator: "-")
        var truncations: [[Substring]] = []
        while !subtags.isEmpty {
            truncations.append(subtags)
            subtags.removeLast()
            while let last = subtags.last, last.count == 1 { subtags.removeLast() }
        }
        return truncations
    }
}
