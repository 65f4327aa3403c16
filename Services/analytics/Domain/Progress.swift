import FoundationEssentials

/// What one learner has done in one course.
struct CourseProgress: Sendable, Equatable {
    var knowledgeID: Int
    /// `nil` while content has not told of the course.
    var title: String?
    /// Those with events of the learner, in their order in the course.
    var chapters: [ChapterProgress]
    /// How many chapters content has told of.
    var knownChapters: Int

    /// Which part of the known chapters the learner completed.
    var completion: Double? {
        share(chapters.count { $0.isCompleted && $0.title != nil }, of: knownChapters)
    }
}

struct ChapterProgress: Sendable, Equatable {
    var chapterID: String
    var title: String?
    var views: Int
    var isCompleted: Bool
    var seconds: Double
    var lastAt: Date
}

/// Each learner's own progress.
protocol ProgressBook: Sendable {
    /// The learner's courses by id, those after `after` first, at most `limit`.
    func progress(of learner: UUID, after: Int?, limit: Int) async throws -> [CourseProgress]
    /// How many courses the learner has events in.
    func courseCount(of learner: UUID) async throws -> Int
}
