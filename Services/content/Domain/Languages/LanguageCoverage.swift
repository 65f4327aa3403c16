import WireProtocol

/// How far a knowledge item has come in one language.
struct LanguageCoverage: Sendable, Encodable {
    let language: LanguageTag
    /// Chapters with at least one item.
    let chapters: Int
    let items: Int
    /// Which part of what exists in the default language exists in this one: 0 to 1.
    let share: Double
}

/// What a chapter has in one language.
struct ChapterLanguage: Sendable, Encodable {
    let language: LanguageTag
    let items: Int
    /// In the order of their names.
    let contentTypes: [String]
    /// Which part of what the chapter has in the default language it has in this one: 0 to 1.
    let share: Double

    enum CodingKeys: String, CodingKey {
        case language, items, share
        case contentTypes = "content_types"
    }
}
