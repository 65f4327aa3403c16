import FoundationEssentials
import WireProtocol

/// What an author decides about a knowledge item.
struct KnowledgeFields: Sendable {
    var title: String
    var subject: String?
    var description: String?
    var defaultLanguage: LanguageTag
    var metadata: JSONObjectText
}

/// A course or a book: chapters, with their content in any number of languages.
struct Knowledge: Sendable, Encodable {
    let id: Int
    var fields: KnowledgeFields
    /// Counts the changes, from 1.
    let version: Int
    let createdBy: Identifier
    let createdAt: Date
    let updatedAt: Date

    enum CodingKeys: String, CodingKey {
        case id, title, subject, description, metadata, version
        case defaultLanguage = "default_language"
        case createdBy = "created_by"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(fields.title, forKey: .title)
        try container.encode(fields.subject, forKey: .subject)
        try container.encode(fields.description, forKey: .description)
        try container.encode(fields.defaultLanguage, forKey: .defaultLanguage)
        try container.encode(fields.metadata, forKey: .metadata)
        try container.encode(version, forKey: .version)
        try container.encode(createdBy, forKey: .createdBy)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(updatedAt, forKey: .updatedAt)
    }
}
