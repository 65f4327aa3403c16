import FoundationEssentials
import WireProtocol

/// A link in a content item to a file that is gone.
struct DanglingMedia: Sendable, Encodable {
    /// By content item, then by file.
    struct Key: Sendable, Codable {
        let contentID: Int
        let mediaID: Identifier
    }

    let key: Key
    let place: ContentPlace
    let title: String
    let deletedAt: Date

    enum CodingKeys: String, CodingKey {
        case language, title
        case contentID = "content_id"
        case knowledgeID = "knowledge_id"
        case chapterID = "chapter_id"
        case contentType = "content_type"
        case mediaID = "media_id"
        case deletedAt = "deleted_at"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(key.contentID, forKey: .contentID)
        try container.encode(place.knowledgeID, forKey: .knowledgeID)
        try container.encode(place.chapterID, forKey: .chapterID)
        try container.encode(place.language, forKey: .language)
        try container.encode(place.contentType, forKey: .contentType)
        try container.encode(title, forKey: .title)
        try container.encode(key.mediaID, forKey: .mediaID)
        try container.encode(deletedAt, forKey: .deletedAt)
    }
}
