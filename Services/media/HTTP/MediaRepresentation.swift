import FoundationEssentials
import ServiceKit
import WireProtocol

/// A file on the wire.
struct MediaRepresentation: Encodable {
    let id: Identifier
    let filename: String
    let contentType: String
    let size: Int
    /// Lower-case hexadecimal.
    let sha256: String
    let visibility: Visibility
    let ownerID: Identifier
    @ExplicitNull var knowledgeID: Int?
    @ExplicitNull var chapterID: String?
    let status: String
    let createdAt: Date
    let updatedAt: Date

    init(_ item: MediaItem) {
        id = item.id
        filename = item.details.filename
        contentType = item.file.contentType
        size = item.file.size
        sha256 = item.file.sha256.hexadecimal
        visibility = item.details.visibility
        ownerID = item.ownerID
        _knowledgeID = ExplicitNull(wrappedValue: item.details.knowledgeID)
        _chapterID = ExplicitNull(wrappedValue: item.details.chapterID)
        status = item.status.rawValue
        createdAt = item.createdAt
        updatedAt = item.updatedAt
    }

    enum CodingKeys: String, CodingKey {
        case id, filename, size, sha256, visibility, status
        case contentType = "content_type"
        case ownerID = "owner_id"
        case knowledgeID = "knowledge_id"
        case chapterID = "chapter_id"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension MediaItem {
    var etag: ETag { ETag(version) }
    var location: String { "/media/\(id)" }
}
