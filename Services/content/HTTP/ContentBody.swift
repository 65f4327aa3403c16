import FoundationEssentials
import ServiceKit
import WireProtocol

/// The body of `POST /content`.
struct NewContent: MetadataBody {
    let knowledgeID: Int
    let chapterID: String
    let language: LanguageTag
    let contentType: String
    let title: String
    let body: String
    let format: ContentFormat?
    private(set) var metadata: JSONObjectText?
    let status: ContentStatus?
    let publishAt: Date?

    /// - Throws: 422.
    func fields() throws -> ContentFields {
        try ContentFields(
            place: ContentPlace(
                knowledgeID: knowledgeID, chapterID: chapterID, language: language, contentType: contentType),
            title: title, body: body, format: format ?? .markdown, metadata: metadata ?? .empty,
            status: status ?? .draft, publishAt: publishAt
        ).validated()
    }

    mutating func keep(_ metadata: JSONObjectText) {
        self.metadata = metadata
    }

    enum CodingKeys: String, CodingKey {
        case language, title, body, format, metadata, status
        case knowledgeID = "knowledge_id"
        case chapterID = "chapter_id"
        case contentType = "content_type"
        case publishAt = "publish_at"
    }
}

/// The body of `PUT /content/{id}`: the texts anew. Place, status and schedule stay when they are not told.
struct ContentReplacement: MetadataBody, Sendable {
    let knowledgeID: Int?
    let chapterID: String?
    let language: LanguageTag?
    let contentType: String?
    let title: String
    let body: String
    let format: ContentFormat?
    private(set) var metadata: JSONObjectText?
    let status: ContentStatus?
    let publishAt: Date?

    /// - Throws: 422.
    func applied(to old: ContentFields) throws -> ContentFields {
        try ContentFields(
            place: ContentPlace(
                knowledgeID: knowledgeID ?? old.place.knowledgeID, chapterID: chapterID ?? old.place.chapterID,
                language: language ?? old.place.language, contentType: contentType ?? old.place.contentType),
            title: title, body: body, format: format ?? .markdown, metadata: metadata ?? .empty,
            status: status ?? old.status, publishAt: publishAt ?? old.scheduled(as: status ?? old.status)
        ).validated()
    }

    mutating func keep(_ metadata: JSONObjectText) {
        self.metadata = metadata
    }

    typealias CodingKeys = NewContent.CodingKeys
}

/// The body of `PATCH /content/{id}`.
struct ContentChange: MetadataBody, Sendable {
    let knowledgeID: FieldChange<Int>
    let chapterID: FieldChange<String>
    let language: FieldChange<LanguageTag>
    let contentType: FieldChange<String>
    let title: FieldChange<String>
    let body: FieldChange<String>
    let format: FieldChange<ContentFormat>
    private(set) var metadata: FieldChange<JSONObjectText>
    let status: FieldChange<ContentStatus>
    let publishAt: FieldChange<Date>

    /// - Throws: 422.
    func applied(to old: ContentFields) throws -> ContentFields {
        let status = try status.required("status", old.status)
        return try ContentFields(
            place: ContentPlace(
                knowledgeID: knowledgeID.required("knowledge_id", old.place.knowledgeID),
                chapterID: chapterID.required("chapter_id", old.place.chapterID),
                language: language.required("language", old.place.language),
                contentType: contentType.required("content_type", old.place.contentType)),
            title: title.required("title", old.title), body: body.required("body", old.body),
            format: format.required("format", old.format),
            metadata: metadata.applied(to: old.metadata) ?? .empty,
            status: status, publishAt: publishAt.applied(to: old.scheduled(as: status))
        ).validated()
    }

    mutating func keep(_ metadata: JSONObjectText) {
        self.metadata = .set(metadata)
    }

    typealias CodingKeys = NewContent.CodingKeys
}

extension ContentFields {
    /// The time of publication that is left when the status becomes `status`: what is no draft has none, and one whose
    /// time has come is none for its readers.
    fileprivate func scheduled(as next: ContentStatus) -> Date? {
        status == .draft && next == .draft ? publishAt : nil
    }

    /// As they are kept.
    ///
    /// - Throws: 422.
    fileprivate func validated() throws -> ContentFields {
        var validation = Validation()
        validation.content(self)
        try validation.finish()
        let kept = sanitised()
        validation.keptBody(kept.body)
        try validation.finish()
        return kept
    }
}
