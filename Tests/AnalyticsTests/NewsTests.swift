import FoundationEssentials
import Hummingbird
import PostgresTesting
import Testing
import WireProtocol

@testable import Analytics

@Suite("News from other services", .enabled(if: TestDatabase.isAvailable))
struct NewsTests {
    private static let course = EventPayload.knowledgeSaved(
        .init(knowledgeID: 1, title: "Course", defaultLanguage: .english))

    private static func item(_ id: Int, _ chapter: String, _ language: LanguageTag, _ status: String = "published")
        -> EventPayload
    {
        .contentSaved(
            .init(
                id: id, knowledgeID: 1, chapterID: chapter, language: language, contentType: "lesson", status: status))
    }

    @Test("count once, however often and at once they come")
    func once() async throws {
        try await Fixture.run { analytics in
            let generated = EventPayload.contentGenerated(
                .init(
                    knowledgeID: 1, chapterID: "a", language: .german, contentType: "quiz", generationTime: 3,
                    success: true))
            let events = [Event(Self.course)] + (0..<20).map { _ in Event(generated) }
            let receipts = try await withThrowingTaskGroup(of: EventReceipt.self) { group in
                for _ in 0..<5 { group.addTask { try await analytics.tell(events + [events[3]]) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(receipts.map(\.accepted).reduce(0, +) == 21)
            #expect(receipts.map(\.duplicates).reduce(0, +) == 89)
            #expect(try await analytics.report("/analytics/content/1")["totals"]["count"] == 20)
        }
    }

    @Test("of kinds that are not known yet are only remembered")
    func unknownKinds() async throws {
        try await Fixture.run { analytics in
            let batch = """
                {"events":[
                  {"id":"\(Identifier())","type":"moon.landed","occurred_at":"2026-03-01T00:00:00Z","data":{"x":[1]}},
                  {"id":"\(Identifier())","type":"knowledge.saved","occurred_at":"2026-03-01T00:00:00Z",
                   "data":{"knowledge_id":9,"title":"T","default_language":"en","more":true}}]}
                """
            let token = try await analytics.tokens.serviceToken()
            let receipt = try await analytics.post("/internal/events", batch, as: token).json(.ok)
            #expect(receipt == ["accepted": 2, "duplicates": 0])
            #expect(try await analytics.count("SELECT count(*) FROM inbox") == 2)
            #expect(try await analytics.report("/analytics/coverage")["items"][0]["knowledge_id"] == 9)
        }
    }

    @Test("take effect in their order")
    func order() async throws {
        try await Fixture.run { analytics in
            func chapter(_ title: String) -> EventPayload {
                .chapterSaved(.init(knowledgeID: 1, chapterID: "a", title: title, position: 1))
            }
            let gone = EventPayload.chapterDeleted(.init(knowledgeID: 1, chapterID: "a"))
            try await analytics.tell(
                Self.course, chapter("old"), chapter("new"), gone, chapter("newer"), chapter("newest"))
            let chapters = try await analytics.report("/analytics/engagement/1")["chapters"]
            #expect(chapters.items.map { $0["title"] } == ["newest"])
            try await analytics.tell(chapter("x"), gone)
            #expect(try await analytics.report("/analytics/engagement/1")["chapters"] == .array([]))
        }
    }

    @Test("may come after the learners' events")
    func lateCourse() async throws {
        try await Fixture.run { analytics in
            let learner = try await analytics.student()
            _ = try await analytics.send(
                [.event(), .event("completion"), .event("time_spent", seconds: 12)], as: learner)
            let rollup = EngagementRollup(database: analytics.database)
            try await rollup.refresh()
            #expect(try await analytics.count("SELECT count(*) FROM engagement_metrics") == 0)
            #expect(try await analytics.report("/analytics/me", as: learner)["items"][0]["title"] == .null)

            try await analytics.tell(
                Self.course, .chapterSaved(.init(knowledgeID: 1, chapterID: "one", title: "One", position: 1)))
            try await rollup.refresh()
            #expect(
                try await analytics.count(
                    """
                    SELECT count(*)
                      FROM engagement_metrics
                     WHERE knowledge_id = 1
                       AND chapter_id = 'one'
                       AND views = 1
                       AND completions = 1
                       AND avg_time_spent = 12
                    """) == 1)
            let mine = try await analytics.report("/analytics/me", as: learner)["items"][0]
            #expect(mine["title"] == "Course")
            #expect(mine["completion"].double == 1)
        }
    }

    @Test("of a deletion take all figures along, and late events don't bring them back")
    func deletion() async throws {
        try await Fixture.run { analytics in
            let learner = try await analytics.student()
            try await analytics.tell(
                Self.course, .chapterSaved(.init(knowledgeID: 1, chapterID: "one", title: "One", position: 1)),
                Self.item(1, "one", .english),
                .contentGenerated(
                    .init(knowledgeID: 1, chapterID: "one", language: .english, contentType: "quiz", success: true)))
            _ = try await analytics.send([.event()], as: learner)
            let rollup = EngagementRollup(database: analytics.database)
            try await rollup.refresh()
            try await analytics.tell(.knowledgeDeleted(.init(knowledgeID: 1)))
            _ = try await analytics.send([.event()], as: learner)
            try await rollup.refresh()
            for report in ["engagement", "content", "effectiveness"] {
                #expect(try await analytics.get("/analytics/\(report)/1").status == .notFound)
            }
            #expect(try await analytics.report("/analytics/me", as: learner)["items"] == .array([]))
            #expect(try await analytics.report("/analytics/me?count=exact", as: learner)["total"] == 0)
            #expect(try await analytics.report("/analytics/coverage")["totals"]["items"] == 0)
            #expect(try await analytics.count("SELECT count(*) FROM engagement_metrics") == 0)
            #expect(try await analytics.count("SELECT count(*) FROM learning_events") == 2)
        }
    }

    @Test("give the coverage of published content, by language")
    func coverage() async throws {
        try await Fixture.run { analytics in
            try await analytics.tell(
                Self.course,
                .chapterSaved(.init(knowledgeID: 1, chapterID: "a", title: "A", position: 1)),
                .chapterSaved(.init(knowledgeID: 1, chapterID: "b", title: "B", position: 2)),
                Self.item(1, "a", .english), Self.item(2, "b", .english), Self.item(3, "b", .english),
                Self.item(4, "a", .german), Self.item(5, "b", .german, "draft"),
                .knowledgeSaved(.init(knowledgeID: 2, title: "Empty", defaultLanguage: .german)))
            let report = try await analytics.report("/analytics/coverage?count=exact")
            #expect(report.keys == ["items", "next_cursor", "total", "totals"])
            #expect(report["total"] == 2)
            #expect(report["totals"] == ["knowledge": 2, "chapters": 2, "languages": 2, "items": 4])
            let course = report["items"][0]
            #expect(course["title"] == "Course")
            #expect(course["default_language"] == "en")
            #expect(course["chapters"] == 2)
            let german: JSONValue = ["language": "de", "chapters": 1, "items": 1, "share": .number(0.5)]
            let english: JSONValue = ["language": "en", "chapters": 2, "items": 3, "share": 1]
            #expect(course["languages"] == .array([german, english]))
            #expect(report["items"][1]["languages"] == .array([]))

            try await analytics.tell(
                Self.item(5, "b", .german),
                .contentDeleted(
                    .init(id: 3, knowledgeID: 1, chapterID: "b", language: .english, contentType: "lesson")),
                Self.item(1, "a", .english, "archived"), Self.item(2, "b", .english, "archived"))
            let later = try await analytics.report("/analytics/coverage?limit=1")
            let only: JSONValue = ["language": "de", "chapters": 2, "items": 2, "share": .null]
            #expect(later["items"][0]["languages"] == .array([only]))
            let cursor = try #require(later["next_cursor"].string)
            let next = try await analytics.report("/analytics/coverage?limit=1&cursor=\(cursor)")
            #expect(next["items"].items.map { $0["knowledge_id"] } == [2])
            #expect(next["next_cursor"] == .null)
            #expect(try await analytics.get("/analytics/me?cursor=\(cursor)").status == .unprocessableContent)
        }
    }

    @Test("with texts that are too long don't keep the others waiting")
    func longTexts() async throws {
        try await Fixture.run { analytics in
            let long = String(repeating: "x", count: 400)
            try await analytics.tell(
                .operationCompleted(
                    .init(service: long, operationType: long, duration: 1, success: true, errorCount: 0)),
                .contentGenerated(
                    .init(knowledgeID: 1, chapterID: "a", language: .english, contentType: long, success: true)),
                Self.course)
            let operations = try await analytics.report("/analytics/performance")["items"]
            #expect(operations[0]["operation_type"].string == String(long.prefix(50)))
        }
    }

    @Test("come a thousand at a time at most")
    func limit() async throws {
        try await Fixture.run { analytics in
            let events = (0...EventBatch.limit).map { _ in Event(Self.course) }
            let body = String(decoding: try WireJSON.encode(EventBatch(events: events)), as: UTF8.self)
            let token = try await analytics.tokens.serviceToken()
            #expect(try await analytics.post("/internal/events", body, as: token).status == .unprocessableContent)
            #expect(try await analytics.tell(Array(events.dropLast())).accepted == EventBatch.limit)
        }
    }
}
