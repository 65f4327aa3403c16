/// Which chapters learners get through, and where they stop.
struct EffectivenessReport: Sendable, Equatable {
    var knowledgeID: Int
    var chapters: [ChapterEffectiveness]

    /// Of the chapters' average times, in seconds; `nil` without any.
    var medianTimeSpent: Double? {
        let times = chapters.compactMap(\.figures.averageTimeSpent).sorted()
        guard !times.isEmpty else { return nil }
        let middle = times.count / 2
        return times.count.isMultiple(of: 2) ? (times[middle - 1] + times[middle]) / 2 : times[middle]
    }
}

struct ChapterEffectiveness: Sendable, Equatable {
    var chapterID: String
    var title: String?
    var figures: EngagementFigures
    /// Learners whose last view in the course was here, and who did not complete it.
    var stops: Int

    /// Who stopped, of those who viewed.
    var stopRate: Double? { share(stops, of: figures.readings) }

    /// The average time as a multiple of `median`.
    func timeRatio(to median: Double?) -> Double? {
        guard let median, median > 0, let time = figures.averageTimeSpent else { return nil }
        return time / median
    }
}
