import ServiceKit

/// The body of PATCH /media/{id}: what is absent stays, `null` clears.
struct MediaChange: Decodable {
    var filename: FieldChange<String>
    var visibility: FieldChange<String>
    var knowledgeID: FieldChange<Int>
    var chapterID: FieldChange<String>

    enum CodingKeys: String, CodingKey {
        case filename, visibility
        case knowledgeID = "knowledge_id"
        case chapterID = "chapter_id"
    }

    /// - Throws: 422.
    func applied(to old: MediaDetails) throws -> MediaDetails {
        var fields = DetailFields()
        fields.visibility = visibility.applied(to: old.visibility.rawValue)
        fields.knowledgeID = knowledgeID.applied(to: old.knowledgeID)
        fields.chapterID = chapterID.applied(to: old.chapterID)
        let name = filename.applied(to: old.filename)
        fields.validation.check(name?.isEmpty == false, "filename", "must not be empty")
        fields.validation.check(visibility != .clear, "visibility", "must not be null")
        return try fields.details(filename: name ?? "")
    }
}
