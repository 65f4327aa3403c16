/// A language tag (BCP 47, RFC 5646 §2.1) in canonical case: `pt-BR`, `zh-Hant-TW`, `sr-Latn`.
///
/// Well-formedness is checked, the subtag registry is not. At most 35 characters (RFC 5646 §4.4.1). Grandfathered
/// tags are refused, as are tags of private use only.
public struct LanguageTag: Sendable, Hashable, Codable, LosslessStringConvertible {
    public static let maximumLength = 35

    public let description: String

    /// `nil` when `text` is not well-formed.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength else { return nil }
        let subtags = text.split(separator: "-", omittingEmptySubsequences: false).map { $0.lowercased() }
        guard let canonical = Self.canonical(subtags) else { return nil }
        description = canonical
    }

    /// The language alone, without script, region or variants: `pt` for `pt-BR`.
    public var base: LanguageTag {
        LanguageTag(canonical: String(description.prefix { $0 != "-" }))
    }

    /// This tag, then each shorter one that RFC 4647 §3.4 (lookup) would try: `zh-Hant-TW`, `zh-Hant`, `zh`.
    public var lookupChain: [LanguageTag] {
        var subtags = description.split(separator: "-")
        var chain: [LanguageTag] = []
        while !subtags.isEmpty {
            chain.append(LanguageTag(canonical: subtags.joined(separator: "-")))
            subtags.removeLast()
            if let last = subtags.last, last.count == 1 { subtags.removeLast() }
        }
        return chain
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

    private init(canonical: String) {
        description = canonical
    }

    /// langtag = language [-extlang] [-script] [-region] *(-variant) *(-extension) [-privateuse], all in lower case.
    private static func canonical(_ subtags: [String]) -> String? {
        guard let language = subtags.first, isAlpha(language, 2...8), language.utf8.count != 4 else { return nil }
        var rest = subtags.dropFirst()
        var parts = [language]
        while parts.count < 4, language.utf8.count <= 3, let extlang = rest.first, isAlpha(extlang, 3...3) {
            parts.append(extlang)
            rest.removeFirst()
        }
        if let script = rest.first, isAlpha(script, 4...4) {
            parts.append(script.prefix(1).uppercased() + script.dropFirst())
            rest.removeFirst()
        }
        if let region = rest.first, isAlpha(region, 2...2) || (isDigits(region) && region.utf8.count == 3) {
            parts.append(region.uppercased())
            rest.removeFirst()
        }
        var variants: Set<String> = []
        while let variant = rest.first, isVariant(variant) {
            guard variants.insert(variant).inserted else { return nil }
            parts.append(variant)
            rest.removeFirst()
        }
        var singletons: Set<String> = []
        while let singleton = rest.first, singleton.utf8.count == 1 {
            rest.removeFirst()
            guard isAlphanumeric(singleton), singletons.insert(singleton).inserted else { return nil }
            parts.append(singleton)
            let shortest = singleton == "x" ? 1 : 2
            let length = parts.count
            while let part = rest.first, (shortest...8).contains(part.utf8.count), isAlphanumeric(part) {
                parts.append(part)
                rest.removeFirst()
            }
            guard parts.count > length else { return nil }
        }
        return rest.isEmpty ? parts.joined(separator: "-") : nil
    }

    private static func isVariant(_ subtag: String) -> Bool {
        guard isAlphanumeric(subtag) else { return false }
        let length = subtag.utf8.count
        return (5...8).contains(length) || (length == 4 && isDigits(String(subtag.prefix(1))))
    }

    private static func isAlpha(_ text: String, _ length: ClosedRange<Int>) -> Bool {
        length.contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }

    private static func isDigits(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isAlphanumeric(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { isAlpha(String(UnicodeScalar($0)), 1...1) || isDigits(String(UnicodeScalar($0))) }
    }
}
