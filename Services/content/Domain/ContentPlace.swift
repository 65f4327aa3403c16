import WireProtocol

/// What makes a content item the only one of its kind.
struct ContentPlace: Sendable, Encodable {
    var knowledgeID: Int
    var chapterID: String
    var language: LanguageTag
    /// Such as `lesson` or `quiz`; at most 50 characters.
    var contentType: String

    enum CodingKeys: String, CodingKey {
        case language
        case knowledgeID = "knowledge_id"
        case chapterID = "chapter_id"
        case contentType = "content_type"
    }
}
