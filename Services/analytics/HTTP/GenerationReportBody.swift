import FoundationEssentials
import WireProtocol

/// The answer of `GET /analytics/content/{knowledge_id}`.
struct GenerationReportBody: Encodable {
    var knowledgeID: Int
    var totals: Counts
    var generationTime: Times
    var byContentType: [Merged<ContentType, Merged<Counts, Timing>>]
    var byLanguage: [Merged<Language, Merged<Counts, Timing>>]
    var errors: [Failure]

    init(_ report: GenerationReport) {
        knowledgeID = report.knowledgeID
        totals = Counts(report.totals)
        generationTime = Times(report.totals)
        byContentType = report.byContentType.map { Merged(ContentType(contentType: $0.key), Self.figures($0.figures)) }
        byLanguage = report.byLanguage.map { Merged(Language(language: $0.key), Self.figures($0.figures)) }
        errors = report.failures.map { Failure(errorMessage: $0.message, count: $0.count, lastAt: $0.lastAt) }
    }

    private static func figures(_ figures: GenerationFigures) -> Merged<Counts, Timing> {
        Merged(Counts(figures), Timing(generationTime: Times(figures)))
    }

    enum CodingKeys: String, CodingKey {
        case totals, errors
        case knowledgeID = "knowledge_id"
        case generationTime = "generation_time"
        case byContentType = "by_content_type"
        case byLanguage = "by_language"
    }

    struct Counts: Encodable {
        var count: Int
        var succeeded: Int
        var failed: Int
        @ExplicitNull var successRate: Double?

        init(_ figures: GenerationFigures) {
            count = figures.count
            succeeded = figures.succeeded
            failed = figures.failed
            successRate = figures.successRate
        }

        enum CodingKeys: String, CodingKey {
            case count, succeeded, failed
            case successRate = "success_rate"
        }
    }

    /// Seconds.
    struct Times: Encodable {
        @ExplicitNull var p50: Double?
        @ExplicitNull var p95: Double?
        @ExplicitNull var mean: Double?

        init(_ figures: GenerationFigures) {
            p50 = figures.median
            p95 = figures.p95
            mean = figures.mean
        }
    }

    struct Timing: Encodable {
        var generationTime: Times

        enum CodingKeys: String, CodingKey {
            case generationTime = "generation_time"
        }
    }

    struct ContentType: Encodable {
        var contentType: String

        enum CodingKeys: String, CodingKey {
            case contentType = "content_type"
        }
    }

    struct Language: Encodable {
        var language: String
    }

    struct Failure: Encodable {
        @ExplicitNull var errorMessage: String?
        var count: Int
        var lastAt: Date

        enum CodingKeys: String, CodingKey {
            case count
            case errorMessage = "error_message"
            case lastAt = "last_at"
        }
    }
}
