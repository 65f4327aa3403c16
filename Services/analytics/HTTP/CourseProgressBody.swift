import FoundationEssentials
import WireProtocol

/// One item of `GET /analytics/me`.
struct CourseProgressBody: Encodable {
    var knowledgeID: Int
    @ExplicitNull var title: String?
    var chapters: [Chapter]
    @ExplicitNull var completion: Double?

    init(_ progress: CourseProgress) {
        knowledgeID = progress.knowledgeID
        title = progress.title
        chapters = progress.chapters.map(Chapter.init)
        completion = progress.completion
    }

    enum CodingKeys: String, CodingKey {
        case title, chapters, completion
        case knowledgeID = "knowledge_id"
    }

    struct Chapter: Encodable {
        var chapterID: String
        @ExplicitNull var title: String?
        var views: Int
        var completed: Bool
        var seconds: Double
        var lastAt: Date

        init(_ progress: ChapterProgress) {
            chapterID = progress.chapterID
            title = progress.title
            views = progress.views
            completed = progress.isCompleted
            seconds = progress.seconds
            lastAt = progress.lastAt
        }

        enum CodingKeys: String, CodingKey {
            case title, views, completed, seconds
            case chapterID = "chapter_id"
            case lastAt = "last_at"
        }
    }
}
