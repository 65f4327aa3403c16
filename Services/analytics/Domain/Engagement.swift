import FoundationEssentials
import WireProtocol

/// How much learners do with a chapter, a course or on a day. Rates are `nil` when there is nobody to rate.
struct EngagementFigures: Sendable, Equatable {
    var views = 0
    var completions = 0
    /// Learners with any event.
    var learners = 0
    /// Pairs of learner and chapter with a view or a completion.
    var readings = 0
    /// Those of ``readings`` with a completion.
    var finishedReadings = 0
    /// Learners who told how long they took.
    var timedLearners = 0
    var seconds = 0.0

    /// Who completed, of those who viewed.
    var completionRate: Double? { share(finishedReadings, of: readings) }

    /// Seconds per learner who told.
    var averageTimeSpent: Double? { timedLearners == 0 ? nil : seconds / Double(timedLearners) }
}

struct ChapterEngagement: Sendable, Equatable {
    var chapterID: String
    /// `nil` while content has not told of the chapter.
    var title: String?
    var figures: EngagementFigures
}

struct DailyEngagement: Sendable, Equatable {
    /// Midnight, UTC.
    var start: Date
    var figures: EngagementFigures
}

struct EngagementReport: Sendable, Equatable {
    var knowledgeID: Int
    /// In their order in the course; chapters that content has not told of come last.
    var chapters: [ChapterEngagement]
    var totals: EngagementFigures
    /// Days with events, when asked for.
    var series: [DailyEngagement]?
}
