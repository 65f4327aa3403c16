import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct ContentListTests {
    @Test func `Filters narrow the list, alone and together`() async throws {
        try await ContentFixture.run { fixture async throws in
            let one = try await fixture.knowledge("a", "b")
            let two = try await fixture.knowledge("a")
            try await fixture.content(one, "a", title: "1")
            try await fixture.content(one, "b", title: "2")
            try await fixture.content(one, "a", "de", title: "3")
            try await fixture.content(one, "a", type: "quiz", title: "4")
            try await fixture.content(two, "a", title: "5")
            try await fixture.content(two, "a", "de", title: "6", status: "draft")
            func titles(_ query: String, as caller: Caller) async throws -> [String] {
                try await caller.get("/content?\(query)").items.compactMap { $0["title"].string }
            }
            #expect(try await titles("", as: fixture.anyone) == ["1", "2", "3", "4", "5"])
            #expect(try await titles("", as: fixture.teacher) == ["1", "2", "3", "4", "5", "6"])
            #expect(try await titles("knowledge_id=\(two)", as: fixture.student) == ["5"])
            #expect(try await titles("chapter_id=b", as: fixture.student) == ["2"])
            #expect(try await titles("language=DE", as: fixture.student) == ["3"])
            #expect(try await titles("language=DE", as: fixture.teacher) == ["3", "6"])
            #expect(try await titles("content_type=quiz", as: fixture.student) == ["4"])
            #expect(try await titles("status=draft", as: fixture.teacher) == ["6"])
            #expect(try await titles("status=draft", as: fixture.student) == [])
            #expect(
                try await titles("knowledge_id=\(one)&chapter_id=a&language=en&content_type=lesson", as: fixture.anyone)
                    == ["1"])
            let counted = try await fixture.anyone.get("/content?count=exact&limit=1&knowledge_id=\(one)")
            #expect(counted["total"].int == 4)
        }
    }

    @Test func `Pages follow each other while items are added`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            for number in 1...5 { try await fixture.content(knowledge, "a", type: "t\(number)") }
            let first = try await fixture.anyone.get("/content?limit=2")
            try await fixture.content(knowledge, "a", type: "t6")
            let second = try await fixture.anyone.get("/content?limit=2&cursor=\(try #require(first.cursor))")
            let third = try await fixture.anyone.get("/content?limit=2&cursor=\(try #require(second.cursor))")
            let types = (first.items + second.items + third.items).compactMap { $0["content_type"].string }
            #expect(types == ["t1", "t2", "t3", "t4", "t5", "t6"])
            #expect(third.cursor == nil)
        }
    }

    @Test func `A page of long texts is cut short, and the next goes on behind it`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let body = String(repeating: "long ", count: 200_000)
            for number in 1...10 { try await fixture.content(knowledge, "a", type: "t\(number)", body: body) }
            var seen: [String] = []
            var cursor: String?
            var pages = 0
            repeat {
                let page = try await fixture.anyone.get(
                    "/content?limit=100" + (cursor.map { "&cursor=\($0)" } ?? ""))
                #expect(page.bytes.count <= ContentSlice.maximumBytes + 100_000)
                seen += page.items.compactMap { $0["content_type"].string }
                cursor = page.cursor
                pages += 1
            } while cursor != nil && pages < 10
            #expect(seen == (1...10).map { "t\($0)" })
            #expect(pages == 2)
        }
    }

    @Test func `A chapter's texts are found by its id alone, without reading all texts`() async throws {
        try await ContentFixture.run { fixture async throws in
            let (one, two) = (try await fixture.knowledge("a", "b"), try await fixture.knowledge("a"))
            for (knowledge, chapter) in [(one, "a"), (one, "b"), (two, "a")] {
                try await fixture.content(knowledge, chapter)
            }
            let found = try await fixture.anyone.get("/content?chapter_id=a&count=exact")
            #expect(found.items.map { $0["knowledge_id"].int } == [one, two])
            #expect(found["total"].int == 2)
            let filter = ContentFilter(chapterID: "a", seesDrafts: true)
            let plan = try await fixture.database.withTransaction { transaction in
                try await transaction.query("SELECT set_config('enable_seqscan', 'off', true)")
                return try await transaction.query(
                    "EXPLAIN SELECT FROM edtech_content c WHERE true" + ContentStore.clauses(filter), filter.parameters)
            }
            let lines = try plan.map { try $0[0] as String }
            #expect(lines.contains { $0.contains("Index Cond: ((knowledge_id = ANY") }, "\(lines)")
        }
    }

    @Test(arguments: [
        "limit=0", "limit=101", "limit=x", "cursor=nonsense", "cursor=", "count=all", "language=%F0", "status=gone",
        "knowledge_id=x", "knowledge_id=99999999999", "chapter_id=%00", "q=",
    ])
    func `A faulty parameter is told by its name`(query: String) async throws {
        try await ContentFixture.run { fixture async throws in
            let answer = try await fixture.anyone.get("/content?\(query)")
            #expect(answer.status == .unprocessableContent)
            #expect(answer.faultyFields == [String(query.prefix { $0 != "=" })])
        }
    }

    @Test func `A cursor of another list is refused`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a", "b")
            try await fixture.content(knowledge, "a")
            try await fixture.content(knowledge, "b")
            let ofChapters = try #require(
                try await fixture.anyone.get("/knowledge/\(knowledge)/chapters?limit=1").cursor)
            let ofSearch = try #require(try await fixture.anyone.get("/content?q=half&limit=1").cursor)
            for path in [
                "/content?cursor=\(ofChapters)", "/content?cursor=\(ofSearch)", "/content?q=parts&cursor=\(ofSearch)",
                "/knowledge?cursor=\(ofChapters)",
            ] {
                let answer = try await fixture.anyone.get(path)
                #expect(answer.faultyFields == ["cursor"], "\(path)")
            }
        }
    }
}
