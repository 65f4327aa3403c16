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
        case title
        case contentID = "content_id"
        case mediaID = "media_id"
        case deletedAt = "deleted_at"
    }

    /// With the place's members among its own.
    func encode(to encoder: any Encoder) throws {
        try place.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(key.contentID, forKey: .contentID)
        try container.encode(title, forKey: .title)
        try container.encode(key.mediaID, forKey: .mediaID)
        try container.encode(deletedAt, forKey: .deletedAt)
    }
}
