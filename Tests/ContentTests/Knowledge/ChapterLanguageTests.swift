import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct ChapterLanguageTests {
    @Test func `A chapter's languages are counted against the default, for whom they are visible`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a", "b")
            for type in ["quiz", "lesson"] { try await fixture.content(knowledge, "a", type: type) }
            try await fixture.content(knowledge, "a", "de", type: "lesson")
            try await fixture.content(knowledge, "a", "fr", type: "lesson", status: "draft")
            try await fixture.content(knowledge, "b", "es")
            let path = "/knowledge/\(knowledge)/chapters/a/languages"
            let seen = try await fixture.anyone.get(path).items
            #expect(seen.map { $0["language"].string } == ["de", "en"])
            #expect(seen.map { $0["items"].int } == [1, 2])
            #expect(seen.map { $0["share"].double } == [0.5, 1])
            let first = try await fixture.anyone.get(path + "?limit=1&count=exact")
            #expect(first.items.map { $0["language"].string } == ["de"])
            #expect(first["total"].int == 2)
            let rest = try await fixture.anyone.get(path + "?limit=1&cursor=\(try #require(first.cursor))")
            #expect(rest.items.map { $0["language"].string } == ["en"] && rest.cursor == nil)
            #expect(seen[1]["content_types"].elements.map(\.string) == ["lesson", "quiz"])
            #expect(
                try await fixture.teacher.get(path).items.map { $0["language"].string } == ["de", "en", "fr"])
        }
    }

    @Test func `A chapter without texts has none, and what is no chapter is not found`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            #expect(
                try await fixture.anyone.get("/knowledge/\(knowledge)/chapters/a/languages").json.text
                    == #"{"items":[],"next_cursor":null}"#)
            #expect(try await fixture.anyone.get("/knowledge/\(knowledge)/chapters/b/languages").status == .notFound)
        }
    }
}
