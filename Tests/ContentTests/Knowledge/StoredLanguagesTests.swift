import PostgresTesting
import Testing
import WireProtocol

@testable import Content

/// What was stored before deprecated tags were replaced on their way in.
@Suite(.enabled(if: TestDatabase.isAvailable))
struct StoredLanguagesTests {
    private func languages(_ fixture: ContentFixture) -> StoredLanguages {
        StoredLanguages(
            knowledge: KnowledgeStore(database: fixture.database, outbox: ContentService.outbox),
            outbox: ContentService.outbox)
    }

    /// A text whose tag is put into its row as it stood there once.
    private func content(
        _ fixture: ContentFixture, _ knowledge: Int, under tag: String, body: String
    ) async throws -> Int {
        let made = try await fixture.content(knowledge, "a", "qaa", body: body)
        let id = try #require(made["id"].int)
        try await fixture.database.query("UPDATE edtech_content SET language = $2 WHERE id = $1", [id, tag])
        return id
    }

    private func bodies(_ fixture: ContentFixture, _ knowledge: Int) async throws -> [String: String] {
        let items = try await fixture.anyone.get("/content?knowledge_id=\(knowledge)").items
        return Dictionary(uniqueKeysWithValues: items.map { ($0["language"].string ?? "", $0["body"].string ?? "") })
    }

    @Test func `A text under a deprecated tag is found under the one that replaced it, and others hear of it`()
        async throws
    {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let id = try await content(fixture, knowledge, under: "iw", body: "חצי")
            try await fixture.database.query("UPDATE knowledge SET default_language = 'iw' WHERE id = $1", [knowledge])
            #expect(try await fixture.anyone.get("/content?language=he").items.isEmpty)
            let before = try await fixture.anyone.get("/content/\(id)").headers[.eTag]
            try await fixture.forgetEvents()

            #expect(try await languages(fixture).canonicalise().map(\.canonical) == [LanguageTag("he")])

            #expect(try await fixture.anyone.get("/content?language=he").items.map { $0["body"].string } == ["חצי"])
            #expect(try await fixture.anyone.get("/content/\(id)").headers[.eTag] != before)
            let stored = try await fixture.database.query(
                "SELECT DISTINCT language FROM content_history UNION SELECT default_language FROM knowledge")
            #expect(try stored.map { row -> String in try row[0] } == ["he"])
            #expect(try await fixture.events().map(\.payload.type) == ["content.saved", "knowledge.saved"])
        }
    }

    @Test func `Where both tags have a text, both are kept, the old one under a tag that tells so`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            _ = try await content(fixture, knowledge, under: "iw", body: "old")
            try await fixture.content(knowledge, "a", "he", body: "new")
            try await languages(fixture).canonicalise()
            #expect(try await bodies(fixture, knowledge) == ["he": "new", "he-x-iw": "old"])
        }
    }

    @Test func `Two deprecated tags of one language give two texts, and one that nothing replaces stays`()
        async throws
    {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            for tag in ["mst", "myt", "cel-gaulish"] {
                _ = try await content(fixture, knowledge, under: tag, body: tag)
            }
            try await languages(fixture).canonicalise()
            #expect(
                try await bodies(fixture, knowledge) == [
                    "mry": "mst", "mry-x-myt": "myt", "cel-gaulish": "cel-gaulish",
                ])
        }
    }

    @Test func `Twice is the same as once, and what is in the trash is renamed too`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let id = try await content(fixture, knowledge, under: "in", body: "setengah")
            #expect(try await fixture.teacher.delete("/content/\(id)").status == .noContent)
            #expect(try await languages(fixture).canonicalise().count == 1)
            #expect(try await languages(fixture).canonicalise().isEmpty)
            let restored = try await fixture.teacher.post("/content/trash/\(id)/restore")
            #expect(restored["language"].string == "id")
            #expect(try await fixture.anyone.get("/content?language=id").items.count == 1)
        }
    }

    @Test(arguments: [
        ("iw", ["he", "he-x-iw", "he-x-2"]), ("iw-IL", ["he-IL", "he-IL-x-iw-il", "he-x-2"]),
        ("iw-x-a", ["he-x-a", "he-x-a-iw-x-a", "he-x-2"]),
    ])
    func `A text has several tags to go to`(_ old: String, _ first: [String]) {
        #expect(RenamedLanguage(old)?.candidates.prefix(3).map(\.description) == first)
    }

    @Test(arguments: ["he", "he-x-iw", "zh-Hant-TW", "cel-gaulish", "x-own"])
    func `A canonical tag stays`(_ tag: String) {
        #expect(RenamedLanguage(tag) == nil)
    }
}
