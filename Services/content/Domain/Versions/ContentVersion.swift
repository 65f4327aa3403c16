import FoundationEssentials
import WireProtocol

/// A content item as it was after one of its changes.
struct ContentVersion: Sendable {
    let version: Int
    let fields: ContentFields
    /// Who made that change.
    let author: Identifier
    let createdAt: Date
}

/// The same without the texts, for lists.
struct ContentVersionSummary: Sendable, Encodable {
    let version: Int
    let title: String
    let status: ContentStatus
    let createdBy: Identifier
    let createdAt: Date

    enum CodingKeys: String, CodingKey {
        case version, title, status
        case createdBy = "created_by"
        case createdAt = "created_at"
    }
}
