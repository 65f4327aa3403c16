import FoundationEssentials
import Hummingbird
import PostgresTesting
import Testing
import WireProtocol

@testable import Analytics

@Suite("Engagement", .enabled(if: TestDatabase.isAvailable))
struct EngagementTests {
    /// Whole time, whole days, parts of days, one part of a day, nothing; over the ends of months.
    private static let ranges: [(String?, String?)] = [
        (nil, nil), ("2026-02-28T00:00:00Z", "2026-03-02T00:00:00Z"), ("2026-02-28T07:30:00Z", "2026-03-02T16:00:01Z"),
        ("2026-11-01T06:00:00Z", "2026-11-01T18:00:00Z"), ("2026-02-28T23:00:00Z", "2026-03-01T01:00:00Z"),
        ("2026-03-01T00:00:00Z", nil),
        (nil, "2004-03-01T05:00:00+01:00"), ("2011-01-01T00:00:00Z", "2012-01-01T00:00:00Z"),
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
    ]

    @Test("is what a simple count gives", arguments: [1, 2, 3] as [UInt64])
    func model(seed: UInt64) async throws {
        try await Fixture.run { analytics in
            let model = EngagementModel.random(seed: seed, count: 500)
            let log = LearningEventStore(database: analytics.database)
            for (learner, entries) in Dictionary(grouping: model.entries, by: \.learner) {
                for start in stride(from: 0, to: entries.count, by: 30) {
                    let batch = entries[start..<min(start + 30, entries.count)]
                    #expect(try await log.record(batch.map(\.event), by: learner) == batch.count)
                }
            }
            let store = EngagementStore(database: analytics.database)
            for (from, to) in Self.ranges {
                let (from, to) = (from.flatMap(Timestamp.parse), to.flatMap(Timestamp.parse))
                let range = try #require(TimeRange(from: from, to: to))
                let report = try await store.engagement(of: 1, in: range, byDay: true)
                #expect(report == model.report(of: 1, from: from, to: to), "\(range)")
            }
            try await PartitionStore(database: analytics.database).keep()
            let whole = try await store.engagement(of: 2, in: .always, byDay: true)
            #expect(whole == model.report(of: 2, from: nil, to: nil))
        }
    }

    @Test("names the chapters that content told of, in their order, also those without readers")
    func titles() async throws {
        try await Fixture.run { analytics in
            _ = try await analytics.send([.event("view", 5, "b"), .event("view", 5, "unheard-of")])
            try await analytics.tell(
                .knowledgeSaved(.init(knowledgeID: 5, title: "Course", defaultLanguage: .english)),
                .chapterSaved(.init(knowledgeID: 5, chapterID: "b", title: "First", position: 1)),
                .chapterSaved(.init(knowledgeID: 5, chapterID: "a", title: "Second", position: 2)))
            let chapters = try await analytics.report("/analytics/engagement/5")["chapters"].items
            #expect(chapters.map { $0["chapter_id"].string } == ["b", "a", "unheard-of"])
            #expect(chapters.map { $0["title"].string } == ["First", "Second", nil])
            #expect(chapters.map { $0["views"].int } == [1, 0, 1])
            #expect(chapters[1]["completion_rate"] == .null)
            #expect(chapters[1]["avg_time_spent"] == .null)
        }
    }

    @Test("has a series of days when asked for")
    func series() async throws {
        try await Fixture.run { analytics in
            _ = try await analytics.send([
                .event(at: "2026-03-31T23:59:59.999Z"), .event(at: "2026-04-01T00:00:00Z"),
                .event("completion", at: "2026-04-01T09:00:00Z"),
            ])
            let report = try await analytics.report("/analytics/engagement/1?interval=day")
            #expect(
                report["series"].items.map { $0["start"] } == ["2026-03-31T00:00:00.000Z", "2026-04-01T00:00:00.000Z"])
            #expect(report["series"].items.map { $0["views"] } == [1, 1])
            #expect(report["series"][1]["completion_rate"].double == 1)
        }
    }

    @Test("is not there for what nobody knows", arguments: ["7", "0", "-1", "abc", "2147483648", "1.5", "%00", "1;"])
    func unknown(id: String) async throws {
        try await Fixture.run { analytics in
            for report in ["engagement", "content", "effectiveness"] {
                let answer = try await analytics.get("/analytics/\(report)/\(id)")
                #expect(answer.status == .notFound)
            }
        }
    }

    @Test(
        "refuses questions that make no sense",
        arguments: [
            ("interval=week", "interval"), ("from=yesterday", "from"), ("to=2026-13-01T00:00:00Z", "to"),
            ("from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", "to"), ("from='%20OR%201=1", "from"),
        ])
    func badQuestions(query: String, field: String) async throws {
        try await Fixture.run { analytics in
            _ = try await analytics.send([.event()])
            let answer = try await analytics.get("/analytics/engagement/1?\(query)")
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.problem().errors?.map(\.field) == [field])
        }
    }

    @Test("shows where learners stop, and which chapters take long")
    func effectiveness() async throws {
        try await Fixture.run { analytics in
            func read(_ chapters: (String, Double, Bool)...) async throws {
                let events = chapters.enumerated().flatMap { number, chapter in
                    let (id, seconds, completed) = chapter
                    let time = "2026-03-0\(number + 1)T10:00:00Z"
                    return [
                        JSONValue.event("view", 1, id, at: time),
                        .event("time_spent", 1, id, seconds: seconds, at: time),
                    ]
                        + (completed ? [.event("completion", 1, id, at: time)] : [])
                }
                _ = try await analytics.send(events, as: try await analytics.student())
            }
            try await read(("a", 100, true), ("b", 40, true), ("c", 300, true))
            try await read(("a", 100, true), ("b", 60, false))
            try await read(("a", 100, true), ("b", 50, false), ("c", 100, false))
            let report = try await analytics.report("/analytics/effectiveness/1")
            #expect(report["median_time_spent"].double == 100)
            #expect(report["concepts"] == .array([]))
            let chapters = report["chapters"].items
            #expect(chapters.map { $0["chapter_id"].string } == ["a", "b", "c"])
            #expect(chapters.map { $0["completion_rate"].double } == [1, 1.0 / 3, 0.5])
            #expect(chapters.map { $0["time_ratio"].double } == [1, 0.5, 2])
            #expect(chapters.map { $0["stops"].int } == [0, 1, 1])
            #expect(chapters.map { $0["stop_rate"].double } == [0, 1.0 / 3, 0.5])
        }
    }
}

extension LanguageTag {
    static let english = LanguageTag("en")!
    static let german = LanguageTag("de")!
}
