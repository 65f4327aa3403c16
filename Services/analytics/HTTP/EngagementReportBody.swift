import FoundationEssentials
import WireProtocol

/// The answer of `GET /analytics/engagement/{knowledge_id}`.
struct EngagementReportBody: Encodable {
    var knowledgeID: Int
    var chapters: [Merged<Chapter, Figures>]
    var totals: Figures
    var series: [Merged<Day, Figures>]?

    init(_ report: EngagementReport) {
        knowledgeID = report.knowledgeID
        chapters = report.chapters.map {
            Merged(Chapter(chapterID: $0.chapterID, title: $0.title), Figures($0.figures))
        }
        totals = Figures(report.totals)
        series = report.series?.map { Merged(Day(start: $0.start), Figures($0.figures)) }
    }

    enum CodingKeys: String, CodingKey {
        case chapters, totals, series
        case knowledgeID = "knowledge_id"
    }

    struct Figures: Encodable {
        var views: Int
        var completions: Int
        @ExplicitNull var completionRate: Double?
        @ExplicitNull var averageTimeSpent: Double?
        var learners: Int

        init(_ figures: EngagementFigures) {
            views = figures.views
            completions = figures.completions
            completionRate = figures.completionRate
            averageTimeSpent = figures.averageTimeSpent
            learners = figures.learners
        }

        enum CodingKeys: String, CodingKey {
            case views, completions, learners
            case completionRate = "completion_rate"
            case averageTimeSpent = "avg_time_spent"
        }
    }

    struct Chapter: Encodable {
        var chapterID: String
        @ExplicitNull var title: String?

        enum CodingKeys: String, CodingKey {
            case title
            case chapterID = "chapter_id"
        }
    }

    struct Day: Encodable {
        var start: Date
    }
}
