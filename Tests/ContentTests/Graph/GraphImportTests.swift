import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite("Graph import", .enabled(if: TestDatabase.isAvailable))
struct GraphImportTests {
    @Test(
        "everything goes in, what was there is replaced, a second time changes nothing",
        arguments: GraphBackend.available)
    func everything(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("a", "old")
            let body = """
                {"concepts": [{"slug": "a", "title": "A"}, {"slug": "b", "title": "B", "metadata": {"k": 1}}],
                 "prerequisites": [["a", "b"], ["b", "old"]]}
                """
            for _ in 0..<2 {
                let answer = try await fixture.teacher.call(.post, "/graph/import", body)
                #expect(answer.status == .ok)
                #expect(answer.body == .object(["concepts": 2, "prerequisites": 2]))
                let read = try await fixture.anyone.get("/graph/concepts/a")
                #expect(read["title"] == "A" && read["version"] == 2)
            }
            #expect(try await fixture.anyone.get("/graph/concepts/a/prerequisites").items("slug") == ["b", "old"])
        }
    }

    @Test(
        "nothing goes in when something is wrong",
        arguments: GraphBackend.available,
        [
            (#"{"concepts": [{"slug": "n", "title": ""}]}"#, 422, "concepts.0.title"),
            (#"{"concepts": [{"title": "T"}]}"#, 422, "concepts.0.slug"),
            (#"{"concepts": [{"slug": "N!", "title": "T"}]}"#, 422, "concepts.0.slug"),
            (#"{"concepts": [{"slug": "n", "title": "T"}, {"slug": "n", "title": "T"}]}"#, 422, "concepts.1.slug"),
            (#"{"concepts": [{"slug": "n", "title": "T"}], "prerequisites": [["n", "x"]]}"#, 422, "prerequisites"),
            (#"{"concepts": [{"slug": "n", "title": "T"}], "prerequisites": [["n"]]}"#, 422, "prerequisites.0"),
            (#"{"concepts": [{"slug": "n", "title": "T"}], "prerequisites": [["n", "N!"]]}"#, 422, "prerequisites.0.1"),
            (
                #"{"concepts": [{"slug": "n", "title": "T"}], "prerequisites": [["a", "n"], ["n", "b"], ["b", "a"]]}"#,
                409, ""
            ),
            (#"{"concepts": [{"slug": "n", "title": "T"}], "prerequisites": [["n", "n"]]}"#, 409, ""),
            (#"{"concepts": {}}"#, 422, "concepts"),
            (#"{"concepts": ["#, 400, ""),
        ])
    func nothing(backend: GraphBackend, sample: (body: String, status: Int, field: String)) async throws {
        let (body, status, field) = sample
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("a", "b")
            try await fixture.chain("a", "b")
            let answer = try await fixture.teacher.call(.post, "/graph/import", body)
            #expect(answer.status.code == status, "\(answer.body)")
            if status == 422 {
                guard case .array(let errors)? = answer["errors"], case .object(let first)? = errors.first else {
                    throw Missing()
                }
                #expect(first["field"] == .string(field))
            }
            if status == 409, case .array(let cycle)? = answer["cycle"] { #expect(!cycle.isEmpty && cycle.count <= 3) }
            #expect(try await fixture.graph.conceptCount() == 2)
            #expect(try await fixture.stored().count == 1)
        }
    }

    @Test(
        "the cycle that an import would close is told, each concept needing the next",
        arguments: GraphBackend.available)
    func cycle(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("a", "b", "c", "d")
            try await fixture.chain("a", "b")
            let links = #"{"prerequisites": [["b", "c"], ["c", "a"], ["d", "a"], ["c", "d"]]}"#
            let answer = try await fixture.teacher.call(.post, "/graph/import", links)
            #expect(answer.status == .conflict)
            guard case .array(let cycle)? = answer["cycle"] else { throw Missing() }
            let needs: Set<[JSONValue]> = [["a", "b"], ["b", "c"], ["c", "a"], ["d", "a"], ["c", "d"]]
            #expect(zip(cycle, cycle.dropFirst() + cycle.prefix(1)).allSatisfy { needs.contains([$0, $1]) })
        }
    }

    @Test(
        "an import and a link that close a cycle together, written at once: one is refused",
        arguments: GraphBackend.available)
    func concurrentCycle(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            for round in 0..<10 {
                try await fixture.concepts("a\(round)", "b\(round)")
                async let imported = fixture.teacher.call(
                    .post, "/graph/import", #"{"prerequisites": [["a\#(round)", "b\#(round)"]]}"#)
                async let linked = fixture.teacher.call(.put, "/graph/concepts/b\(round)/prerequisites/a\(round)")
                let statuses = try await [imported.status, linked.status]
                #expect(statuses.count { $0 == .conflict } == 1, "\(statuses)")
            }
        }
    }

    @Test("more than an import may hold is refused")
    func bounds() throws {
        let link = try #require(ConceptSlug("a"))
        let body = GraphImportBody(concepts: [], prerequisites: Array(repeating: [link, link], count: 500_001))
        #expect(throws: (any Error).self) { try body.entries() }
    }

    struct Missing: Error {}
}
