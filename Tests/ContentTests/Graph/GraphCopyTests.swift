import FoundationEssentials
import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite("Copying a graph from one store to the other", .enabled(if: TestDatabase.isAvailable && TestGraph.isAvailable))
struct GraphCopyTests {
    @Test("there and back is the same, with versions, times and chapters")
    func roundTrip() async throws {
        try await GraphFixture.run { fixture in
            try await fill(fixture)
            let titles = PostgresChapterTitles(database: fixture.database)
            try await GraphBackend.bolt.withStore(fixture.database) { bolt in
                let there = try await copy(fixture.graph, to: bolt, titles)
                #expect(there.concepts == 40 && there.prerequisites > 20 && there.lessons == 2)
                let concept = ModelGraph.slug(3)
                #expect(try await bolt.concept(concept)?.version == 2)
                try await fixture.graph.removeAll()
                #expect(try await copy(bolt, to: fixture.graph, titles) == there)
            }
        }
    }

    @Test("a target that holds something is refused, unless it is to be replaced")
    func notEmpty() async throws {
        try await GraphFixture.run { fixture in
            try await fill(fixture)
            let titles = PostgresChapterTitles(database: fixture.database)
            try await GraphBackend.bolt.withStore(fixture.database) { bolt in
                let text = ConceptText(title: "Mine", summary: "", metadata: .empty)
                let mine = try #require(ConceptSlug("mine"))
                _ = try await bolt.create(mine, text)
                await #expect(throws: GraphCopy.Fault.targetNotEmpty(1)) {
                    try await copy(fixture.graph, to: bolt, titles)
                }
                #expect(try await bolt.conceptCount() == 1)
                // What the source lacks makes the two differ.
                await #expect(throws: GraphCopy.Fault.self) {
                    try await copy(fixture.graph, to: bolt, titles, .resumes)
                }
                _ = try await copy(fixture.graph, to: bolt, titles, .isReplaced)
                #expect(try await bolt.concept(mine) == nil)
            }
        }
    }

    @Test("a copy that was interrupted goes on")
    func interrupted() async throws {
        try await GraphFixture.run { fixture in
            try await fill(fixture)
            let titles = PostgresChapterTitles(database: fixture.database)
            try await GraphBackend.bolt.withStore(fixture.database) { bolt in
                let half = ModelGraph.random(20, links: 0)
                try await bolt.put(half.asImport)
                let digest = try await copy(fixture.graph, to: bolt, titles, .resumes)
                #expect(digest.concepts == 40)
            }
        }
    }

    @Test("chapters that are gone are left behind")
    func goneChapters() async throws {
        try await GraphFixture.run { fixture in
            try await fill(fixture)
            let titles = PostgresChapterTitles(database: fixture.database)
            try await GraphBackend.bolt.withStore(fixture.database) { bolt in
                _ = try await copy(fixture.graph, to: bolt, titles)
                try await fixture.database.query("DELETE FROM chapters WHERE chapter_id = 'two'")
                try await fixture.graph.removeAll()
                #expect(try await copy(bolt, to: fixture.graph, titles).lessons == 1)
            }
        }
    }

    private func fill(_ fixture: GraphFixture) async throws {
        var generator = SplitMix(seed: 4)
        try await fixture.graph.put(ModelGraph.random(40, links: 60, using: &generator).asImport)
        let text = ConceptText(
            title: "½ Équal 學習", summary: "Line\nline", metadata: JSONObjectText(text: #"{"b": [1, 2.5], "a": null}"#))
        let third = try #require(try await fixture.graph.concept(ModelGraph.slug(3)))
        _ = try await fixture.graph.replace(third, with: text)
        try await fixture.knowledge(1, chapters: "one", "two")
        for (chapter, number) in [("one", 3), ("two", 4)] {
            try await fixture.graph.add(
                ModelGraph.slug(number), to: ChapterReference(knowledgeID: 1, chapterID: chapter))
        }
    }

    @discardableResult
    private func copy(
        _ source: any GraphTransfer, to target: any GraphTransfer, _ titles: any ChapterTitles,
        _ mode: GraphCopy.Target = .mustBeEmpty
    ) async throws -> GraphDigest {
        try await GraphCopy(source: source, target: target, titles: titles).run(mode) { _ in }
    }
}
