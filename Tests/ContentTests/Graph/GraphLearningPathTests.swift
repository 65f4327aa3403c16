import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite("Learning paths", .enabled(if: TestDatabase.isAvailable))
struct GraphLearningPathTests {
    @Test(
        "foundations come first, the concept itself last, what is known not at all",
        arguments: GraphBackend.available)
    func order(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("adding", "equal", "halves", "counting", "unrelated")
            try await fixture.chain("adding", "equal", "halves", "counting")
            try await fixture.chain("adding", "counting")
            let path = try await fixture.anyone.get("/graph/concepts/adding/learning-path")
            #expect(path.items("slug") == ["counting", "halves", "equal", "adding"])
            #expect(path.items("distance") == [1, 2, 1, 0])
            #expect(path.items("title") == path.items("slug") && path.items("summary") == ["", "", "", ""])
            let rest = try await fixture.anyone.get("/graph/concepts/adding/learning-path?known=halves,counting")
            #expect(rest.items("slug") == ["equal", "adding"])
            let all = try await fixture.anyone.get("/graph/concepts/adding/learning-path?known=adding")
            #expect(all["items"] == [])
            for known in ["No_Slug", "a%00", "a,,B", String(repeating: "a,", count: 4_001)] {
                let answer = try await fixture.anyone.get("/graph/concepts/adding/learning-path?known=\(known)")
                #expect(answer.status == .unprocessableContent)
            }
        }
    }

    @Test(
        "each step names the chapters that teach it, in the reader's language as far as there is one",
        arguments: GraphBackend.available)
    func chapters(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("adding", "halves")
            try await fixture.chain("adding", "halves")
            try await fixture.knowledge(1, chapters: "one", "two")
            for (chapter, slug) in [("one", "halves"), ("two", "halves"), ("two", "adding")] {
                let path = "/graph/chapters/1/\(chapter)/concepts/\(slug)"
                #expect(try await fixture.teacher.call(.put, path).status == .noContent)
            }
            try await fixture.lesson(1, "one", "en", title: "Halves")
            try await fixture.lesson(1, "one", "pt", title: "Metades")
            try await fixture.lesson(1, "one", "de", title: "Entwurf", status: "draft")
            let path = "/graph/concepts/adding/learning-path"
            let portuguese = try await fixture.anyone.get(path, headers: [.acceptLanguage: "de, pt-BR;q=0.9, en;q=0.8"])
            #expect(
                portuguese.items("chapters") == [
                    [chapter("one", "Metades", "pt"), chapter("two", "two", "en")], [chapter("two", "two", "en")],
                ])
            #expect(portuguese.headers[.vary]?.lowercased().contains("accept-language") == true)
            let french = try await fixture.anyone.get(path, headers: [.acceptLanguage: "fr"])
            #expect(french.items("chapters").first == [chapter("one", "Halves", "en"), chapter("two", "two", "en")])
            let asked = try await fixture.anyone.get(path + "?language=pt", headers: [.acceptLanguage: "en"])
            #expect(asked.items("chapters").first == [chapter("one", "Metades", "pt"), chapter("two", "two", "en")])
            #expect(try await fixture.anyone.get(path + "?language=x_y").status == .unprocessableContent)
        }
    }

    @Test("a chapter's title is in no language that the reader refuses, as long as there is another")
    func refusedLanguages() async throws {
        try await GraphFixture.run { fixture in
            try await fixture.concepts("halves")
            try await fixture.knowledge(1, chapters: "all", "english", "none")
            for id in ["all", "english", "none"] {
                try await fixture.graph.add(ConceptSlug("halves")!, to: ChapterReference(knowledgeID: 1, chapterID: id))
            }
            for (language, title) in [("en", "Halves"), ("en-GB", "Halves!"), ("fr", "Moitiés"), ("pt", "Metades")] {
                try await fixture.lesson(1, "all", language, title: title)
            }
            try await fixture.lesson(1, "english", "en", title: "Halves")
            for (wanted, title, language) in [
                ("de, en;q=0", "Moitiés", "fr"), ("de, fr;q=0, en;q=0", "Metades", "pt"),
                ("de, fr;q=0", "Halves", "en"),
                ("en-GB, en;q=0", "Halves!", "en-GB"), ("pt-BR, en;q=0", "Metades", "pt"), ("de", "Halves", "en"),
            ] {
                for path in ["/graph/concepts/halves/learning-path", "/graph/chapters/1/none/related"] {
                    let answer = try await fixture.anyone.get(path, headers: [.acceptLanguage: wanted])
                    let chapters = answer.items("chapters").first ?? answer["items"]
                    guard case .array(let chapters)? = chapters, case .object(let all)? = chapters.first else {
                        throw Missing()
                    }
                    #expect(all["title"] == .string(title) && all["language"] == .string(language), "\(wanted)")
                    guard case .object(let english)? = chapters.dropFirst().first else { throw Missing() }
                    #expect(english["title"] == "Halves" && english["language"] == "en", "\(wanted)")
                }
            }
        }
    }

    struct Missing: Error {}

    @Test("the path between two concepts is a shortest one, along prerequisites", arguments: GraphBackend.available)
    func path(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("a", "b", "c", "d", "e")
            try await fixture.chain("a", "b", "c", "d")
            try await fixture.chain("a", "c")
            #expect(try await fixture.anyone.get("/graph/path?from=a&to=d")["items"] == ["a", "c", "d"])
            #expect(try await fixture.anyone.get("/graph/path?from=a&to=a")["items"] == ["a"])
            for query in ["from=d&to=a", "from=a&to=e", "from=a&to=nowhere", "from=nowhere&to=a"] {
                #expect(try await fixture.anyone.get("/graph/path?\(query)").status == .notFound)
            }
            for query in ["", "from=a", "to=a", "from=A&to=b", "from=&to="] {
                #expect(try await fixture.anyone.get("/graph/path?\(query)").status == .unprocessableContent)
            }
        }
    }

    private func chapter(_ id: String, _ title: String, _ language: String) -> JSONValue {
        .object([
            "knowledge_id": 1, "chapter_id": .string(id), "title": .string(title), "language": .string(language),
        ])
    }

    @Test("known=me leaves out what the chapters teach that the caller has completed")
    func ownProgress() async throws {
        let progress = FixedProgress(completed: [ChapterReference(knowledgeID: 1, chapterID: "one")])
        try await GraphFixture.run(progress: progress) { fixture in
            try await fixture.concepts("adding", "equal", "halves", "counting", "me")
            try await fixture.chain("adding", "equal", "halves", "counting")
            try await fixture.knowledge(1, chapters: "one", "two")
            for (chapter, slug) in [("one", "halves"), ("two", "halves"), ("two", "adding")] {
                try await fixture.graph.add(
                    ConceptSlug(slug)!, to: ChapterReference(knowledgeID: 1, chapterID: chapter))
            }
            let path = "/graph/concepts/adding/learning-path"
            let own = try await fixture.student.get(path + "?known=me")
            #expect(own.items("slug") == ["equal", "adding"])
            #expect(own.headers[.cacheControl]?.hasPrefix("private") == true)
            #expect(try await fixture.student.get(path + "?known=me,equal").items("slug") == ["adding"])
            #expect(try await fixture.student.get(path).items("slug") == ["counting", "halves", "equal", "adding"])
            let anonymous = try await fixture.anyone.get(path + "?known=me")
            #expect(anonymous.status == .unauthorized)
        }
    }

    @Test("known=me is 503 while analytics gives no answer, and 401 where it refuses the token")
    func noProgress() async throws {
        struct Down: Error {}
        for (error, status) in [(LearnerProgressError.unavailable(Down()), 503), (.refused, 401)] {
            try await GraphFixture.run(progress: FixedProgress(error: error)) { fixture in
                try await fixture.concepts("adding")
                let path = "/graph/concepts/adding/learning-path"
                let answer = try await fixture.student.get(path + "?known=me")
                #expect(answer.status.code == status)
                #expect((answer.headers[.retryAfter] != nil) == (status == 503))
                #expect(try await fixture.student.get(path + "?known=other").status == .ok)
            }
        }
    }
}
