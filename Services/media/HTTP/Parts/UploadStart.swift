import FoundationEssentials
import ServiceKit
import WireProtocol

/// The body of POST /media/uploads.
struct UploadStart: Decodable {
    let filename: String
    let contentType: String
    let size: Int
    let sha256: String?
    let visibility: String?
    let knowledgeID: Int?
    let chapterID: String?

    enum CodingKeys: String, CodingKey {
        case filename, size, sha256, visibility
        case contentType = "content_type"
        case knowledgeID = "knowledge_id"
        case chapterID = "chapter_id"
    }

    /// - Throws: 422; ``MediaError/typeNotAllowed(_:)`` already now when the type that is announced would be refused.
    ///   What counts in the end is the type that the bytes show.
    func upload(ownedBy owner: Identifier, allowedTypes: Set<String>) throws -> PartedUpload {
        var fields = DetailFields()
        fields.visibility = visibility
        fields.knowledgeID = knowledgeID
        fields.chapterID = chapterID
        fields.validation.check(!filename.isEmpty, "filename", "must not be empty")
        fields.validation.check(size >= 0, "size", "must not be negative")
        let checksum = sha256.flatMap { [UInt8](hexadecimal: $0) }
        fields.validation.check(
            sha256 == nil || checksum?.count == 32, "sha256", "must be 64 hexadecimal digits")
        let details = try fields.details(filename: filename)
        let type = HeaderParameters(contentType).value
        guard allowedTypes.contains(type) else { throw MediaError.typeNotAllowed(type) }
        return PartedUpload(ownerID: owner, details: details, size: size, sha256: checksum)
    }
}
