/// A content item was made, or its status or place changed.
public struct ContentSaved: Sendable, Equatable, Codable {
    public var id: Int
    public var knowledgeID: Int
    public var chapterID: String
    public var language: LanguageTag
    public var contentType: String
    /// One of content's states, such as `published`.
    public var status: String

    public init(
        id: Int, knowledgeID: Int, chapterID: String, language: LanguageTag, contentType: String, status: String
    ) {
        self.id = id
        self.knowledgeID = knowledgeID
        self.chapterID = chapterID
        self.language = language
        self.contentType = contentType
        self.status = status
    }

    enum CodingKeys: String, CodingKey {
        case id, language, status
        case knowledgeID = "knowledge_id"
        case chapterID = "chapter_id"
        case contentType = "content_type"
    }
}

/// A content item went.
public struct ContentDeleted: Sendable, Equatable, Codable {
    public var id: Int
    public var knowledgeID: Int
    public var chapterID: String
    public var language: LanguageTag
    public var contentType: String

    public init(id: Int, knowledgeID: Int, chapterID: String, language: LanguageTag, contentType: String) {
        self.id = id
        self.knowledgeID = knowledgeID
        self.chapterID = chapterID
        self.language = language
        self.contentType = contentType
    }

    enum CodingKeys: String, CodingKey {
        case id, language
        case knowledgeID = "knowledge_id"
        case chapterID = "chapter_id"
        case contentType = "content_type"
    }
}

/// A generator reported how it fared with one content item.
public struct ContentGenerated: Sendable, Equatable, Codable {
    public var knowledgeID: Int
    public var chapterID: String
    public var language: LanguageTag
    public var contentType: String
    /// Seconds.
    public var generationTime: Double?
    public var success: Bool
    public var errorMessage: String?

    public init(
        knowledgeID: Int, chapterID: String, language: LanguageTag, contentType: String, generationTime: Double? = nil,
        success: Bool, errorMessage: String? = nil
    ) {
        self.knowledgeID = knowledgeID
        self.chapterID = chapterID
        self.language = language
        self.contentType = contentType
        self.generationTime = generationTime
        self.success = success
        self.errorMessage = errorMessage
    }

    enum CodingKeys: String, CodingKey {
        case language, success
        case knowledgeID = "knowledge_id"
        case chapterID = "chapter_id"
        case contentType = "content_type"
        case generationTime = "generation_time"
        case errorMessage = "error_message"
    }
}
