import FoundationEssentials
import WireProtocol

@testable import Analytics

/// What the engagement report must say, found the simple way.
struct EngagementModel {
    struct Entry {
        var learner: UUID
        var event: LearningEvent
    }

    var entries: [Entry] = []

    /// Random events of some learners, around the ends of months and far in the past. Seconds are halves, so that sums
    /// are exact in any order.
    static func random(seed: UInt64, count: Int) -> EngagementModel {
        var random = RandomSource(seed: seed)
        let learners = (0..<7).map { _ in UUID() }
        let starts = ["2004-02-29T00:00:00Z", "2026-02-27T12:00:00Z", "2026-10-31T20:00:00Z"].map {
            Timestamp.parse($0)!
        }
        let entries = (0..<count).map { _ in
            let kind = LearningEvent.Kind.allCases.randomElement(using: &random)!
            let start = starts.randomElement(using: &random)!
            return Entry(
                learner: learners.randomElement(using: &random)!,
                event: LearningEvent(
                    id: UUID(), kind: kind, knowledgeID: Int.random(in: 1...2, using: &random),
                    chapterID: ["alpha", "beta", "gamma", "delta"].randomElement(using: &random)!, language: nil,
                    seconds: kind == .timeSpent ? Double(Int.random(in: 0...900, using: &random)) / 2 : nil,
                    occurredAt: start + Double(Int.random(in: 0..<400_000, using: &random))))
        }
        return EngagementModel(entries: entries)
    }

    func report(of knowledgeID: Int, from: Date?, to: Date?) -> EngagementReport {
        let entries = entries.filter {
            $0.event.knowledgeID == knowledgeID && $0.event.occurredAt >= from ?? .distantPast
                && $0.event.occurredAt < to ?? .distantFuture
        }
        let chapters = Dictionary(grouping: entries, by: \.event.chapterID).sorted { $0.key < $1.key }
        let days = Dictionary(grouping: entries) { entry in
            (entry.event.occurredAt.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400
        }.sorted { $0.key < $1.key }
        return EngagementReport(
            knowledgeID: knowledgeID,
            chapters: chapters.map { ChapterEngagement(chapterID: $0, title: nil, figures: Self.figures($1)) },
            totals: Self.figures(entries),
            series: days.map {
                DailyEngagement(start: Date(timeIntervalSince1970: $0), figures: Self.figures($1))
            })
    }

    private static func figures(_ entries: [Entry]) -> EngagementFigures {
        func readings(of kinds: Set<LearningEvent.Kind>) -> Int {
            Set(entries.filter { kinds.contains($0.event.kind) }.map { "\($0.learner) \($0.event.chapterID)" }).count
        }
        let timings = entries.filter { $0.event.kind == .timeSpent }
        return EngagementFigures(
            views: entries.count { $0.event.kind == .view },
            completions: entries.count { $0.event.kind == .completion },
            learners: Set(entries.map(\.learner)).count,
            readings: readings(of: [.view, .completion]), finishedReadings: readings(of: [.completion]),
            timedLearners: Set(timings.map(\.learner)).count,
            seconds: timings.compactMap(\.event.seconds).reduce(0, +))
    }
}
