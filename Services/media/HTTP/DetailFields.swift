import ServiceKit

/// What callers say of a file, before it is known to be valid: in a form, a PATCH or the start of a chunked upload.
struct DetailFields {
    var validation = Validation()
    var visibility: String?
    var knowledgeID: Int?
    var chapterID: String?

    /// Takes a text as it comes in a form; an empty one is as none.
    mutating func setKnowledgeID(_ text: String) {
        guard !text.isEmpty else { return }
        knowledgeID = Int(text)
        validation.check(knowledgeID != nil, "knowledge_id", "must be a whole number")
    }

    /// - Throws: 422 with everything that is wrong.
    func details(filename: String) throws -> MediaDetails {
        var validation = validation
        let visibility = visibility.map(Visibility.init(rawValue:)) ?? .private
        let choices = Visibility.allCases.map(\.rawValue).joined(separator: ", ")
        validation.check(visibility != nil, "visibility", "must be one of \(choices)")
        if let knowledgeID {
            validation.check(
                (1...Int(Int32.max)).contains(knowledgeID), "knowledge_id", "must be from 1 to \(Int32.max)")
        }
        if let chapterID {
            validation.text(chapterID, "chapter_id", in: 1...50)
            validation.check(knowledgeID != nil, "chapter_id", "needs knowledge_id")
        }
        try validation.finish()
        return MediaDetails(
            filename: FileName.clean(filename), visibility: visibility ?? .private, knowledgeID: knowledgeID,
            chapterID: chapterID)
    }
}
