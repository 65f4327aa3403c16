import FoundationEssentials
import WireProtocol

/// A content item in the trash, without its texts.
struct DeletedContent: Sendable, Encodable {
    let id: Int
    let place: ContentPlace
    let title: String
    let version: Int
    let deletedBy: Identifier
    let deletedAt: Date

    enum CodingKeys: String, CodingKey {
        case id, language, title, version
        case knowledgeID = "knowledge_id"
        case chapterID = "chapter_id"
        case contentType = "content_type"
        case deletedBy = "deleted_by"
        case deletedAt = "deleted_at"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(place.knowledgeID, forKey: .knowledgeID)
        try container.encode(place.chapterID, forKey: .chapterID)
        try container.encode(place.language, forKey: .language)
        try container.encode(place.contentType, forKey: .contentType)
        try container.encode(title, forKey: .title)
        try container.encode(version, forKey: .version)
        try container.encode(deletedBy, forKey: .deletedBy)
        try container.encode(deletedAt, forKey: .deletedAt)
    }
}
