import Hummingbird
import PostgresTesting
import Testing
import WireProtocol

@Suite("Progress", .enabled(if: TestDatabase.isAvailable))
struct ProgressTests {
    @Test("is the caller's own")
    func own() async throws {
        try await Fixture.run { analytics in
            let (ada, ben) = (try await analytics.student(), try await analytics.student())
            try await analytics.tell(
                .knowledgeSaved(.init(knowledgeID: 1, title: "Course", defaultLanguage: .english)),
                .chapterSaved(.init(knowledgeID: 1, chapterID: "b", title: "First", position: 1)),
                .chapterSaved(.init(knowledgeID: 1, chapterID: "a", title: "Second", position: 2)))
            _ = try await analytics.send(
                [
                    .event("view", 1, "a", at: "2026-03-01T10:00:00Z"),
                    .event("time_spent", 1, "b", seconds: 40, at: "2026-03-02T10:00:00Z"),
                    .event("time_spent", 1, "b", seconds: 2.5, at: "2026-03-01T10:00:00Z"),
                    .event("completion", 1, "b", at: "2026-02-01T10:00:00Z"),
                    .event("completion", 1, "unheard-of", at: "2026-02-01T10:00:00Z"),
                ], as: ada)
            _ = try await analytics.send([.event("view", 1, "a"), .event("view", 2, "x")], as: ben)

            let mine = try await analytics.report("/analytics/me?count=exact", as: ada)
            #expect(mine["total"] == 1)
            #expect(mine["next_cursor"] == .null)
            let course = mine["items"][0]
            #expect(course["knowledge_id"] == 1)
            #expect(course["title"] == "Course")
            #expect(course["completion"].double == 0.5)
            let chapters = course["chapters"].items
            #expect(chapters.map { $0["title"].string } == ["First", "Second", nil])
            #expect(chapters.map { $0["views"] } == [0, 1, 0])
            #expect(chapters.map { $0["completed"] } == [.bool(true), .bool(false), .bool(true)])
            #expect(chapters[0]["seconds"].double == 42.5)
            #expect(chapters[0]["last_at"] == "2026-03-02T10:00:00.000Z")
            let nobody = try await analytics.student()
            #expect(try await analytics.report("/analytics/me", as: nobody)["items"] == .array([]))
        }
    }

    @Test("comes in pages that fit together while events come in")
    func pages() async throws {
        try await Fixture.run { analytics in
            let ada = try await analytics.student()
            _ = try await analytics.send((1...25).map { .event("view", $0) }, as: ada)
            var seen: [Int] = []
            var cursor = ""
            repeat {
                let page = try await analytics.report("/analytics/me?limit=10\(cursor)", as: ada)
                seen += page["items"].items.compactMap { $0["knowledge_id"].int }
                cursor = page["next_cursor"].string.map { "&cursor=\($0)" } ?? ""
                _ = try await analytics.send([.event("view", 3), .event("completion", 24)], as: ada)
            } while !cursor.isEmpty
            #expect(seen == Array(1...25))
        }
    }

    @Test(
        "refuses pages that can't be",
        arguments: ["limit=0", "limit=101", "limit=x", "cursor=x", "cursor=", "count=some"])
    func badPages(query: String) async throws {
        try await Fixture.run { analytics in
            let answer = try await analytics.get("/analytics/me?\(query)")
            #expect(answer.status == .unprocessableContent)
        }
    }
}
