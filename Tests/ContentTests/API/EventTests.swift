import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct EventTests {
    @Test func `Each change is told once, in order, and nothing else`() async throws {
        try await ContentFixture.run { fixture async throws in
            let id = try await fixture.knowledge("a")
            let item = try await fixture.content(id, "a", "PT-br", status: "draft")
            let path = "/content/\(item["id"].int ?? 0)"
            _ = try await fixture.teacher.patch(path, #"{"status": "published"}"#, match: item.etag)
            _ = try await fixture.teacher.get(path)
            _ = try await fixture.teacher.delete(path)
            _ = try await fixture.teacher.delete("/knowledge/\(id)/chapters/a")
            _ = try await fixture.teacher.delete("/knowledge/\(id)")
            let language = try #require(LanguageTag("pt-BR"))
            let english = try #require(LanguageTag("en"))
            let contentID = try #require(item["id"].int)
            func saved(_ status: String) -> EventPayload {
                .contentSaved(
                    ContentSaved(
                        id: contentID, knowledgeID: id, chapterID: "a", language: language, contentType: "lesson",
                        status: status))
            }
            #expect(
                try await fixture.events().map(\.payload) == [
                    .knowledgeSaved(KnowledgeSaved(knowledgeID: id, title: "Fractions", defaultLanguage: english)),
                    .chapterSaved(ChapterSaved(knowledgeID: id, chapterID: "a", title: "a", position: 0)),
                    saved("draft"), saved("published"),
                    .contentDeleted(
                        ContentDeleted(
                            id: contentID, knowledgeID: id, chapterID: "a", language: language, contentType: "lesson")),
                    .chapterDeleted(ChapterDeleted(knowledgeID: id, chapterID: "a")),
                    .knowledgeDeleted(KnowledgeDeleted(knowledgeID: id)),
                ])
        }
    }

    @Test func `What is refused is not told`() async throws {
        try await ContentFixture.run { fixture async throws in
            let id = try await fixture.knowledge("a")
            let item = try await fixture.content(id, "a")
            try await fixture.forgetEvents()
            let path = "/content/\(item["id"].int ?? 0)"
            #expect(
                try await fixture.teacher.patch(path, #"{"title": "x"}"#, match: "\"9\"").status == .preconditionFailed)
            #expect(
                try await fixture.teacher.patch(path, #"{"status": "failed"}"#, match: item.etag).status == .conflict)
            #expect(
                try await fixture.teacher.patch(path, #"{"chapter_id": "b"}"#, match: item.etag).status
                    == .unprocessableContent)
            #expect(try await fixture.teacher.delete(path, match: "\"9\"").status == .preconditionFailed)
            #expect(try await fixture.teacher.delete("/knowledge/\(id)", match: "\"9\"").status == .preconditionFailed)
            #expect(try await fixture.events().isEmpty)
        }
    }

    @Test func `A change and its event happen together or not at all`() async throws {
        try await ContentFixture.run { fixture async throws in
            let id = try await fixture.knowledge("a")
            try await fixture.database.query("ALTER TABLE outbox ADD CONSTRAINT no_room CHECK (false) NOT VALID")
            #expect(try await fixture.teacher.post("/knowledge", #"{"title": "x"}"#).status == .internalServerError)
            #expect(try await fixture.teacher.delete("/knowledge/\(id)").status == .internalServerError)
            #expect(try await fixture.anyone.get("/knowledge").items.compactMap { $0["id"].int } == [id])
        }
    }
}
