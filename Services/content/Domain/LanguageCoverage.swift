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
