import FoundationEssentials
import WireProtocol

/// A file and what is known of it. Its bytes never change; what else can change counts up ``version``.
struct MediaItem: Sendable, Equatable {
    enum Status: String, Sendable, CaseIterable {
        case available
        /// Kept, but no longer listed and only for its owner, teachers and admins: its retention time is over.
        case archived
        /// Its bytes were not in the store when maintenance looked.
        case missing
    }

    let id: Identifier
    let ownerID: Identifier
    let file: StoredFile
    var details: MediaDetails
    let status: Status
    let version: Int
    let createdAt: Date
    let updatedAt: Date
}

/// What the owner of a file says of it, and may change.
struct MediaDetails: Sendable, Equatable {
    /// As ``FileName/clean(_:)`` leaves it.
    var filename: String
    var visibility: Visibility
    var knowledgeID: Int?
    /// At most 50 characters; only with a knowledge item.
    var chapterID: String?
}

/// Bytes that are safely in the store, and what they are.
struct StoredFile: Sendable, Equatable {
    let key: ObjectKey
    /// Found from the bytes.
    let contentType: String
    /// Bytes.
    let size: Int
    /// 32 bytes.
    let sha256: [UInt8]
}
