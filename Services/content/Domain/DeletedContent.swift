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
        case id, title, version
        case deletedBy = "deleted_by"
        case deletedAt = "deleted_at"
    }

    /// With the place's members among its own.
    func encode(to encoder: any Encoder) throws {
        try place.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(title, forKey: .title)
        try container.encode(version, forKey: .version)
        try container.encode(deletedBy, forKey: .deletedBy)
        try container.encode(deletedAt, forKey: .deletedAt)
    }
}
