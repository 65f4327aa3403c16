import FoundationEssentials

/// A part of a knowledge item, named by its author.
struct Chapter: Sendable, Encodable {
    let knowledgeID: Int
    let id: String
    let title: String
    /// Chapters are listed by it, then by id.
    let position: Int
    let version: Int
    let createdAt: Date
    let updatedAt: Date

    enum CodingKeys: String, CodingKey {
        case title, position, version
        case knowledgeID = "knowledge_id"
        case id = "chapter_id"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}
