import FoundationEssentials
import WireProtocol

/// A file that comes in parts, over any number of requests.
struct PartedUpload: Sendable, Equatable {
    /// Bytes in each part but the last, unless that made too many parts.
    static let usualPartSize = 16 << 20
    static let maximumParts = 10_000
    /// Seconds for which its parts are taken.
    static let lifetime: TimeInterval = 86_400

    let id: Identifier
    let ownerID: Identifier
    let key: ObjectKey
    let details: MediaDetails
    /// Bytes of the whole file, as announced.
    let size: Int
    /// Of the whole file, as announced: 32 bytes.
    let sha256: [UInt8]?
    let partSize: Int
    let expiresAt: Date
    /// The file that it became.
    var mediaID: Identifier?

    init(ownerID: Identifier, details: MediaDetails, size: Int, sha256: [UInt8]?, now: Date = Date()) {
        id = Identifier()
        self.ownerID = ownerID
        key = ObjectKey()
        self.details = details
        self.size = size
        self.sha256 = sha256
        let smallest = (size + Self.maximumParts - 1) / Self.maximumParts
        partSize = max(Self.usualPartSize, smallest)
        expiresAt = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down) + Self.lifetime)
    }

    init(
        id: Identifier, ownerID: Identifier, key: ObjectKey, details: MediaDetails, size: Int, sha256: [UInt8]?,
        partSize: Int, expiresAt: Date, mediaID: Identifier?
    ) {
        self.id = id
        self.ownerID = ownerID
        self.key = key
        self.details = details
        self.size = size
        self.sha256 = sha256
        self.partSize = partSize
        self.expiresAt = expiresAt
        self.mediaID = mediaID
    }

    /// An empty file has one part, an empty one.
    var partCount: Int { max(1, (size + partSize - 1) / partSize) }

    /// Bytes of one part; `nil` when there is no such part.
    func length(ofPart number: Int) -> Int? {
        guard (1...partCount).contains(number) else { return nil }
        return number < partCount ? partSize : size - partSize * (partCount - 1)
    }

    /// Whether it still takes parts.
    func isOpen(at now: Date = Date()) -> Bool { mediaID == nil && now < expiresAt }
}
