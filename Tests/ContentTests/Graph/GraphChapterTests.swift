import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite("Chapters in the graph", .enabled(if: TestDatabase.isAvailable))
struct GraphChapterTests {
    @Test("a chapter comes to teach a concept, again without effect, and no longer", arguments: GraphBackend.available)
    func life(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("halves")
            try await fixture.knowledge(1, chapters: "one")
            let path = "/graph/chapters/1/one/concepts/halves"
            #expect(try await fixture.teacher.call(.put, path).status == .noContent)
            #expect(try await fixture.teacher.call(.put, path).status == .noContent)
            #expect(try await fixture.teacher.call(.delete, path).status == .noContent)
            #expect(try await fixture.teacher.call(.delete, path).status == .notFound)
        }
    }

    @Test("chapters and concepts that are not there can't be linked", arguments: GraphBackend.available)
    func unknown(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("halves")
            try await fixture.knowledge(1, chapters: "one")
            for path in [
                "1/two/concepts/halves", "2/one/concepts/halves", "1/one/concepts/x", "x/one/concepts/halves",
                "99999999999/one/concepts/halves", "1/one/concepts/No_Slug",
            ] {
                #expect(try await fixture.teacher.call(.put, "/graph/chapters/\(path)").status == .notFound)
            }
            for path in ["1/two", "2/one", "x/one", "99999999999/one"] {
                #expect(try await fixture.anyone.get("/graph/chapters/\(path)/related").status == .notFound)
            }
        }
    }

    @Test("ids that look the same but differ in their bytes are two chapters", arguments: GraphBackend.available)
    func composition(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
            let halves = try #require(ConceptSlug("halves"))
            try await fixture.concepts("halves")
            try await fixture.knowledge(1, chapters: composed, decomposed)
            for id in [composed, decomposed] {
                try await fixture.graph.add(halves, to: ChapterReference(knowledgeID: 1, chapterID: id))
            }
            let teaching = try await fixture.graph.chapters(teaching: [halves])[halves] ?? []
            #expect(teaching.map { Array($0.chapterID.utf8) } == [Array(decomposed.utf8), Array(composed.utf8)])
            let path = try await fixture.anyone.get("/graph/concepts/halves/learning-path")
            guard case .array(let chapters)? = path.items("chapters").first else { throw Missing() }
            #expect(chapters.count == 2)
        }
    }

    @Test(
        "related chapters share concepts, or build on them, with a score and the reasons",
        arguments: GraphBackend.available)
    func related(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("halves", "adding", "sharing", "plants")
            try await fixture.chain("adding", "halves", "sharing")
            try await fixture.knowledge(1, chapters: "asked", "same", "next", "before", "elsewhere", "empty")
            try await fixture.lesson(1, "next", "de", title: "Addieren")
            for (chapter, slug) in [
                ("asked", "halves"), ("same", "halves"), ("next", "adding"), ("before", "sharing"),
                ("elsewhere", "plants"),
            ] {
                try await fixture.graph.add(
                    ConceptSlug(slug)!, to: ChapterReference(knowledgeID: 1, chapterID: chapter))
            }
            let related = try await fixture.anyone.get("/graph/chapters/1/asked/related?language=de")
            #expect(related.items("chapter_id") == ["same", "before", "next"])
            #expect(related.items("score") == [1, .number(0.5), .number(0.5)])
            #expect(related.items("title") == ["same", "before", "Addieren"])
            #expect(related.items("shared_concepts") == [["halves"], [], []])
            #expect(related.items("builds_on") == [[], [], ["halves"]])
            #expect(related.items("prepares_with") == [[], ["sharing"], []])
            #expect(
                try await fixture.anyone.get("/graph/chapters/1/asked/related?limit=1").items("chapter_id") == ["same"])
            #expect(
                try await fixture.anyone.get("/graph/chapters/1/asked/related?limit=0").status == .unprocessableContent)
            #expect(try await fixture.anyone.get("/graph/chapters/1/empty/related")["items"] == [])
        }
    }

    @Test(
        "related chapters come page by page, and those that are gone take nobody's place",
        arguments: GraphBackend.available)
    func pages(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("halves", "adding")
            try await fixture.chain("adding", "halves")
            try await fixture.knowledge(1, chapters: "asked", "a", "b", "c", "d", "next")
            for (chapter, slug) in ["asked", "a", "b", "c", "d"].map({ ($0, "halves") }) + [("next", "adding")] {
                try await fixture.graph.add(
                    ConceptSlug(slug)!, to: ChapterReference(knowledgeID: 1, chapterID: chapter))
            }
            try await fixture.database.query("DELETE FROM chapters WHERE chapter_id IN ('a', 'b', 'c')")
            let path = "/graph/chapters/1/asked/related?limit=1&count=exact"
            let first = try await fixture.anyone.get(path)
            #expect(first.items("chapter_id") == ["d"] && first["total"] == 2)
            guard case .string(let cursor)? = first["next_cursor"] else { throw Missing() }
            let last = try await fixture.anyone.get(path + "&cursor=\(cursor)")
            #expect(last.items("chapter_id") == ["next"] && last["total"] == 2 && last["next_cursor"] == .null)
        }
    }

    struct Missing: Error {}
}
