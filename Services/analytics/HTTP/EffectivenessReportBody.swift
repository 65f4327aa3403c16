import WireProtocol

/// The answer of `GET /analytics/effectiveness/{knowledge_id}`.
struct EffectivenessReportBody: Encodable {
    var knowledgeID: Int
    @ExplicitNull var medianTimeSpent: Double?
    var chapters: [Chapter]
    /// Always empty: which chapter teaches which concept is content's to know, and its events don't tell.
    var concepts: [Never] = []

    init(_ report: EffectivenessReport) {
        knowledgeID = report.knowledgeID
        let median = report.medianTimeSpent
        medianTimeSpent = median
        chapters = report.chapters.map { chapter in
            Chapter(
                chapterID: chapter.chapterID, title: chapter.title, learners: chapter.figures.learners,
                completionRate: chapter.figures.completionRate, averageTimeSpent: chapter.figures.averageTimeSpent,
                timeRatio: chapter.timeRatio(to: median), stops: chapter.stops, stopRate: chapter.stopRate)
        }
    }

    enum CodingKeys: String, CodingKey {
        case chapters, concepts
        case knowledgeID = "knowledge_id"
        case medianTimeSpent = "median_time_spent"
    }

    struct Chapter: Encodable {
        var chapterID: String
        @ExplicitNull var title: String?
        var learners: Int
        @ExplicitNull var completionRate: Double?
        @ExplicitNull var averageTimeSpent: Double?
        @ExplicitNull var timeRatio: Double?
        var stops: Int
        @ExplicitNull var stopRate: Double?

        enum CodingKeys: String, CodingKey {
            case title, learners, stops
            case chapterID = "chapter_id"
            case completionRate = "completion_rate"
            case averageTimeSpent = "avg_time_spent"
            case timeRatio = "time_ratio"
            case stopRate = "stop_rate"
        }
    }
}
