import ServiceKit
import WireProtocol

/// The body of `POST /knowledge`.
struct NewKnowledge: Decodable {
    let title: String
    let subject: String?
    let description: String?
    let defaultLanguage: LanguageTag?
    let metadata: JSONObjectText?

    enum CodingKeys: String, CodingKey {
        case title, subject, description, metadata
        case defaultLanguage = "default_language"
    }

    /// - Throws: 422.
    func fields() throws -> KnowledgeFields {
        let fields = KnowledgeFields(
            title: title, subject: subject, description: description, defaultLanguage: defaultLanguage ?? .english,
            metadata: metadata ?? .empty)
        try fields.validate()
        return fields
    }
}

/// The body of `PATCH /knowledge/{id}`.
struct KnowledgeChange: Decodable, Sendable {
    let title: FieldChange<String>
    let subject: FieldChange<String>
    let description: FieldChange<String>
    let defaultLanguage: FieldChange<LanguageTag>
    let metadata: FieldChange<JSONObjectText>

    enum CodingKeys: String, CodingKey {
        case title, subject, description, metadata
        case defaultLanguage = "default_language"
    }

    /// - Throws: 422.
    func applied(to old: KnowledgeFields) throws -> KnowledgeFields {
        let fields = KnowledgeFields(
            title: try title.required("title", old.title), subject: subject.applied(to: old.subject),
            description: description.applied(to: old.description),
            defaultLanguage: try defaultLanguage.required("default_language", old.defaultLanguage),
            metadata: metadata.applied(to: old.metadata) ?? .empty)
        try fields.validate()
        return fields
    }
}

extension KnowledgeFields {
    fileprivate func validate() throws {
        var validation = Validation()
        validation.text(title, "title", in: 1...500)
        if let subject { validation.text(subject, "subject", in: 1...200) }
        if let description { validation.text(description, "description", in: 0...10_000) }
        try validation.finish()
    }
}

extension LanguageTag {
    fileprivate static var english: LanguageTag { LanguageTag("en")! }
}
