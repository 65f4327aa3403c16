import WireProtocol

/// What makes a content item the only one of its kind.
struct ContentPlace: Sendable, Hashable {
    var knowledgeID: Int
    var chapterID: String
    var language: LanguageTag
    /// Such as `lesson` or `quiz`; at most 50 characters.
    var contentType: String
}
