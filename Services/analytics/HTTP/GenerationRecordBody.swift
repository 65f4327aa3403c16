import FoundationEssentials
import ServiceKit
import WireProtocol

/// The body of `POST /analytics/content`.
struct GenerationRecordBody: Decodable {
    var knowledgeID: Int
    var contentType: String
    var language: LanguageTag
    var generationTime: Double
    var success: Bool
    var errorMessage: String?

    enum CodingKeys: String, CodingKey {
        case language, success
        case knowledgeID = "knowledge_id"
        case contentType = "content_type"
        case generationTime = "generation_time"
        case errorMessage = "error_message"
    }

    /// - Throws: 422.
    func record() throws -> GenerationRecord {
        var validation = Validation()
        validation.check(KnowledgeID.range.contains(knowledgeID), "knowledge_id", KnowledgeID.rule)
        validation.text(contentType, "content_type", in: 1...50)
        validation.check((0...86_400).contains(generationTime), "generation_time", "must be from 0 to 86400 seconds")
        if let errorMessage { validation.text(errorMessage, "error_message", in: 0...10_000) }
        try validation.finish()
        return GenerationRecord(
            knowledgeID: knowledgeID, contentType: contentType, language: language, generationTime: generationTime,
            success: success, errorMessage: errorMessage)
    }
}

/// The answer to it.
struct StoredGenerationBody: Encodable {
    var id: Int
    var knowledgeID: Int
    var contentType: String
    var language: LanguageTag
    @ExplicitNull var generationTime: Double?
    var success: Bool
    @ExplicitNull var errorMessage: String?
    var createdAt: Date

    init(_ stored: StoredGeneration) {
        id = stored.id
        knowledgeID = stored.record.knowledgeID
        contentType = stored.record.contentType
        language = stored.record.language
        generationTime = stored.record.generationTime
        success = stored.record.success
        errorMessage = stored.record.errorMessage
        createdAt = stored.createdAt
    }

    enum CodingKeys: String, CodingKey {
        case id, language, success
        case knowledgeID = "knowledge_id"
        case contentType = "content_type"
        case generationTime = "generation_time"
        case errorMessage = "error_message"
        case createdAt = "created_at"
    }
}
