/// A concept's name in the graph, for ever: lower-case letters and digits in groups joined by single hyphens, such as
/// `equal-fractions`; at most 100 characters.
struct ConceptSlug: Sendable, Hashable, Codable, LosslessStringConvertible, Comparable {
    static let maximumLength = 100
    static let rule = "must be a slug of at most 100 characters, such as equal-fractions"

    let description: String

    /// `nil` when `text` is no slug.
    init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength else { return nil }
        var isAfterHyphen = true
        for character in text.utf8 {
            guard Self.isAllowed(character) || (character == UInt8(ascii: "-") && !isAfterHyphen) else { return nil }
            isAfterHyphen = character == UInt8(ascii: "-")
        }
        guard !isAfterHyphen else { return nil }
        description = text
    }

    static func < (a: ConceptSlug, b: ConceptSlug) -> Bool { a.description < b.description }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let slug = ConceptSlug(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: Self.rule)
        }
        self = slug
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    private static func isAllowed(_ character: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
    }
}
