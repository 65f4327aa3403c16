import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite("Demonstration data", .enabled(if: TestDatabase.isAvailable))
struct SeedTests {
    @Test("every chapter has a lesson in each demo language, and a draft is among the texts")
    func completeness() throws {
        let texts = try ContentSeed.texts.flatMap { language, file in
            try DemoText.texts(in: file, language: try #require(LanguageTag(language)))
        }
        let lessons = Set(texts.filter { $0.contentType == "lesson" }.map { "\($0.chapter) \($0.language)" })
        for chapter in DemoData.knowledge.flatMap(\.chapters) {
            for language in DemoData.languages { #expect(lessons.contains("\(chapter.id) \(language)")) }
        }
        #expect(Set(texts.map(\.contentType)) == ["lesson", "summary", "exercise"])
        #expect(texts.count { $0.status == .draft } == 1)
        #expect(texts.allSatisfy { $0.body.unicodeScalars.count > 100 && !$0.title.isEmpty })
        for item in DemoData.knowledge {
            let ids = Set(item.chapters.map(\.id))
            let others = Set(texts.map(\.language.description)).subtracting(DemoData.languages.map(\.description))
            #expect(texts.contains { ids.contains($0.chapter) && others.contains($0.language.description) })
        }
    }

    @Test("a second run changes nothing")
    func twice() async throws {
        try await withTestDatabase(migrations: ContentService.migrations) { database in
            try await seed(database)
            let first = try await Self.state(of: database)
            #expect(first.knowledge == [1, 2, 3] && first.texts == 64 && first.concepts == 33 && first.events > 70)
            try await seed(database)
            #expect(try await Self.state(of: database) == first)
        }
    }

    @Test("what a teacher has changed stays, and what is missing comes back")
    func repair() async throws {
        try await withTestDatabase(migrations: ContentService.migrations) { database in
            try await seed(database)
            try await database.query("UPDATE edtech_content SET title = 'Mine' WHERE chapter_id = 'saving-water'")
            try await database.query("DELETE FROM chapters WHERE chapter_id = 'photosynthesis'")
            try await database.query("DELETE FROM concepts WHERE slug = 'photosynthesis'")
            try await seed(database)
            let state = try await Self.state(of: database)
            #expect(state.texts == 64 && state.concepts == 33)
            let mine = try await database.query("SELECT count(*) FROM edtech_content WHERE title = 'Mine'")
            #expect(try mine.only?[0] == 5)
        }
    }

    @Test("later knowledge items keep clear of the demo ids")
    func sequence() async throws {
        try await withTestDatabase(migrations: ContentService.migrations) { database in
            try await seed(database)
            let store = KnowledgeStore(database: database, outbox: ContentService.outbox)
            let fields = KnowledgeFields(
                title: "New", subject: nil, description: nil, defaultLanguage: DemoData.languages[0],
                metadata: .empty)
            #expect(try await store.add(fields, by: DemoData.teacher.id).id == 4)
        }
    }

    @Test("ids that belong to somebody else are not taken")
    func foreignIDs() async throws {
        try await withTestDatabase(migrations: ContentService.migrations) { database in
            try await database.query(
                """
                INSERT INTO knowledge (id, title, default_language, created_by)
                VALUES (2, 'Not of the demo', 'en', gen_random_uuid())
                """)
            await #expect(throws: DemoIDTaken.self) { try await seed(database) }
        }
    }

    @Test("the way to adding fractions leads through the chapters in the reader's language")
    func learningPath() async throws {
        try await GraphFixture.run { fixture in
            try await seed(fixture.database)
            let path = try await fixture.anyone.get("/graph/concepts/adding-fractions/learning-path?language=pt-BR")
            #expect(path.items("slug").first == "counting" && path.items("slug").last == "adding-fractions")
            guard case .array(let chapters)? = path.items("chapters").last, case .object(let chapter)? = chapters.first
            else {
                Issue.record("no chapters in \(path.body)")
                return
            }
            #expect(chapter["title"] == "Somar frações" && chapter["language"] == "pt-BR")
        }
    }

    private struct State: Equatable {
        var knowledge: [Int]
        var texts: Int
        var concepts: Int
        var prerequisites: Int
        var links: Int
        var versions: Int
        var events: Int
    }

    private static func state(of database: PostgresClient) async throws -> State {
        let row = try await database.query(
            """
            SELECT (SELECT array_agg(id ORDER BY id) FROM knowledge) AS knowledge,
                   (SELECT count(*) FROM edtech_content) AS texts,
                   (SELECT count(*) FROM concepts) AS concepts,
                   (SELECT count(*) FROM prerequisites) AS prerequisites,
                   (SELECT count(*) FROM chapter_concepts) AS links,
                   (SELECT sum(version)::bigint FROM content_history) AS versions,
                   (SELECT count(*) FROM outbox) AS events
            """)
        let state = try #require(row.only)
        return State(
            knowledge: try state["knowledge"], texts: try state["texts"], concepts: try state["concepts"],
            prerequisites: try state["prerequisites"], links: try state["links"], versions: try state["versions"],
            events: try state["events"])
    }

    private func seed(_ database: PostgresClient) async throws {
        try await ContentSeed(
            knowledge: KnowledgeStore(database: database, outbox: ContentService.outbox),
            chapters: ChapterStore(database: database, outbox: ContentService.outbox),
            content: ContentStore(database: database, outbox: ContentService.outbox),
            graph: PostgresGraph(database: database)
        ).run()
    }
}
