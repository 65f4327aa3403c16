/// A knowledge item was made or changed.
public struct KnowledgeSaved: Sendable, Equatable, Codable {
    public var knowledgeID: Int
    public var title: String
    public var defaultLanguage: LanguageTag

    public init(knowledgeID: Int, title: String, defaultLanguage: LanguageTag) {
        self.knowledgeID = knowledgeID
        self.title = title
        self.defaultLanguage = defaultLanguage
    }

    enum CodingKeys: String, CodingKey {
        case title
        case knowledgeID = "knowledge_id"
        case defaultLanguage = "default_language"
    }
}

/// A knowledge item went, with its chapters and content.
public struct KnowledgeDeleted: Sendable, Equatable, Codable {
    public var knowledgeID: Int

    public init(knowledgeID: Int) {
        self.knowledgeID = knowledgeID
    }

    enum CodingKeys: String, CodingKey {
        case knowledgeID = "knowledge_id"
    }
}

/// A chapter was made or changed.
public struct ChapterSaved: Sendable, Equatable, Codable {
    public var knowledgeID: Int
    public var chapterID: String
    public var title: String
    public var position: Int

    public init(knowledgeID: Int, chapterID: String, title: String, position: Int) {
        self.knowledgeID = knowledgeID
        self.chapterID = chapterID
        self.title = title
        self.position = position
    }

    enum CodingKeys: String, CodingKey {
        case title, position
        case knowledgeID = "knowledge_id"
        case chapterID = "chapter_id"
    }
}

/// A chapter went, with its content.
public struct ChapterDeleted: Sendable, Equatable, Codable {
    public var knowledgeID: Int
    public var chapterID: String

    public init(knowledgeID: Int, chapterID: String) {
        self.knowledgeID = knowledgeID
        self.chapterID = chapterID
    }

    enum CodingKeys: String, CodingKey {
        case knowledgeID = "knowledge_id"
        case chapterID = "chapter_id"
    }
}
