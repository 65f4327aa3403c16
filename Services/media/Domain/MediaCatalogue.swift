import Crypto
import FoundationEssentials
import WireProtocol

/// What is known of all files. Files that were deleted are as if they had never been, but for maintenance.
protocol MediaCatalogue: Sendable {
    /// Makes a file known, and tells analytics of the upload.
    ///
    /// - Throws: ``MediaError/keyUsedOtherwise``.
    func add(_ new: NewMedia) async throws -> Addition
    /// `nil` when there is no such file.
    func item(_ id: Identifier) async throws -> MediaItem?
    /// - Returns: one item more than the page takes when there is a next page.
    func items(_ filter: MediaFilter, limit: Int, after: MediaPosition?) async throws -> [MediaItem]
    func count(_ filter: MediaFilter) async throws -> Int
    /// - Throws: ``MediaError/changedMeanwhile`` unless `item` is still the current version.
    func change(_ item: MediaItem, to details: MediaDetails) async throws -> MediaItem
    /// - Parameter onlyThisVersion: throw ``MediaError/changedMeanwhile`` when `item` is no longer the current version.
    func delete(_ item: MediaItem, onlyThisVersion: Bool) async throws
}

/// A file to be made known.
struct NewMedia: Sendable {
    var id = Identifier()
    let ownerID: Identifier
    let file: StoredFile
    let details: MediaDetails
    /// The client's `Idempotency-Key`.
    var idempotencyKey: String?
    /// How long the upload took, for analytics to hear of; `nil` when it was none.
    var duration: Duration?

    /// The same for uploads of the same bytes with the same fields: a SHA-256.
    var fingerprint: [UInt8] {
        let fields = [
            details.filename, details.visibility.rawValue, details.knowledgeID.map(String.init) ?? "",
            details.chapterID ?? "",
        ]
        var hash = SHA256()
        hash.update(data: file.sha256)
        for field in fields { hash.update(data: Array(field.utf8) + [0]) }
        return Array(hash.finalize())
    }
}

enum Addition: Sendable, Equatable {
    case added(MediaItem)
    /// The same upload was answered before; the bytes that came now are not needed.
    case repeated(MediaItem)

    var item: MediaItem {
        switch self {
        case .added(let item), .repeated(let item): item
        }
    }
}

/// Which files a list shows.
struct MediaFilter: Sendable {
    enum Scope: Sendable, Hashable {
        case all
        case owned(by: Identifier)
        case visible(Visibility)
    }

    var scope: Scope
    var knowledgeID: Int?
    var contentType: String?
}

/// A place in a list, which runs from the newest to the oldest.
struct MediaPosition: Sendable, Codable, Hashable {
    let createdAt: Date
    let id: Identifier
}
