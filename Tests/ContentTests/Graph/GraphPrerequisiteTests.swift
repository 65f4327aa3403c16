import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite("Prerequisites", .enabled(if: TestDatabase.isAvailable))
struct GraphPrerequisiteTests {
    @Test("a prerequisite is added, again without effect, and removed", arguments: GraphBackend.available)
    func life(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("a", "b")
            let path = "/graph/concepts/a/prerequisites/b"
            #expect(try await fixture.teacher.call(.put, path).status == .noContent)
            #expect(try await fixture.teacher.call(.put, path).status == .noContent)
            let found = try await fixture.anyone.get("/graph/concepts/a/prerequisites")
            #expect(found["items"] == [.object(["slug": "b", "title": "b", "distance": 1])])
            #expect(try await fixture.teacher.call(.delete, path).status == .noContent)
            #expect(try await fixture.teacher.call(.delete, path).status == .notFound)
            #expect(try await fixture.anyone.get("/graph/concepts/a/prerequisites")["items"] == [])
        }
    }

    @Test("concepts that are not there can't be linked", arguments: GraphBackend.available)
    func unknown(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("a")
            for path in ["a/prerequisites/x", "x/prerequisites/a", "a/prerequisites/No_Slug", "x/prerequisites/y"] {
                #expect(try await fixture.teacher.call(.put, "/graph/concepts/\(path)").status == .notFound)
            }
            for path in ["x/prerequisites", "x/dependents", "x/learning-path", "No_Slug/prerequisites"] {
                #expect(try await fixture.anyone.get("/graph/concepts/\(path)").status == .notFound)
            }
        }
    }

    @Test("what would close a cycle is refused with the concepts of the cycle", arguments: GraphBackend.available)
    func cycle(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("a", "b", "c", "d", "aside")
            try await fixture.chain("a", "b", "c", "d")
            try await fixture.chain("a", "aside", "d")
            let refused = try await fixture.teacher.call(.put, "/graph/concepts/d/prerequisites/a")
            #expect(refused.status == .conflict)
            #expect(refused["cycle"] == ["d", "a", "aside"])
            guard case .string(let detail)? = refused["detail"] else { throw Missing() }
            #expect(detail.contains("d needs a needs aside needs d"))
            #expect(try await fixture.teacher.call(.put, "/graph/concepts/b/prerequisites/a")["cycle"] == ["b", "a"])
            #expect(try await fixture.teacher.call(.put, "/graph/concepts/a/prerequisites/a")["cycle"] == ["a"])
            #expect(try await fixture.anyone.get("/graph/concepts/d/prerequisites")["items"] == [])
        }
    }

    @Test(
        "both directions are transitive, with the shortest distance, and as deep as asked",
        arguments: GraphBackend.available)
    func depth(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("a", "b", "c", "d")
            try await fixture.chain("a", "b", "c", "d")
            try await fixture.chain("a", "c")
            let all = try await fixture.anyone.get("/graph/concepts/a/prerequisites")
            #expect(all.items("slug") == ["b", "c", "d"] && all.items("distance") == [1, 1, 2])
            #expect(
                try await fixture.anyone.get("/graph/concepts/a/prerequisites?depth=1").items("slug") == ["b", "c"])
            let dependents = try await fixture.anyone.get("/graph/concepts/d/dependents?depth=2")
            #expect(dependents.items("slug") == ["c", "a", "b"] && dependents.items("distance") == [1, 2, 2])
            for depth in ["0", "51", "x", "-1", "1.5"] {
                let answer = try await fixture.anyone.get("/graph/concepts/a/prerequisites?depth=\(depth)")
                #expect(answer.status == .unprocessableContent)
            }
        }
    }

    @Test(
        "a random graph answers like a simple model, at every depth: what is reached, and by which links",
        arguments: GraphBackend.available, 0..<6 as Range<UInt64>)
    func model(backend: GraphBackend, seed: UInt64) async throws {
        var generator = SplitMix(seed: seed)
        let model = ModelGraph.random(25, links: 20 + Int(seed) * 15, using: &generator)
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.graph.put(model.asImport)
            for (direction, model) in [(ConceptGraph.Direction.prerequisites, model), (.dependents, model.reversed)] {
                for slug in model.concepts {
                    for depth in [nil, 1, 2, 6, 7, 50] {
                        let graph = try await fixture.graph.graph(from: slug, along: direction, depth: depth)
                        var reached: [ConceptSlug: Int] = [slug: 0]
                        for concept in graph.reached(within: depth) { reached[concept.slug] = concept.distance }
                        let distances = model.distances(from: slug)
                        #expect(reached == distances.filter { $0.value <= depth ?? .max })
                        for node in graph.nodes where distances[node.slug] ?? .max < depth ?? .max {
                            #expect(node.next.map { graph.nodes[$0].slug }.sorted() == model.needs[node.slug]?.sorted())
                        }
                    }
                }
            }
        }
    }

    @Test(
        "in a random graph learning and shortest paths are those of a simple model",
        arguments: GraphBackend.available, 0..<6 as Range<UInt64>)
    func paths(backend: GraphBackend, seed: UInt64) async throws {
        var generator = SplitMix(seed: seed)
        let model = ModelGraph.random(25, links: 20 + Int(seed) * 15, using: &generator)
        let known = Set(model.concepts.filter { _ in Int.random(in: 0..<10, using: &generator) == 0 })
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.graph.put(model.asImport)
            var generator = SplitMix(seed: seed)
            let list = known.sorted().map(\.description).joined(separator: ",")
            for slug in model.concepts {
                let expected = model.graph(from: slug, using: &generator)
                let answer = try await fixture.anyone.get("/graph/concepts/\(slug)/learning-path?known=\(list)")
                let steps = LearningPath(through: expected, known: known).steps
                #expect(answer.items("slug") == steps.map { .string($0.slug.description) })
                #expect(answer.items("distance") == steps.map { .integer(Int64($0.distance)) })
                for target in model.concepts {
                    let path = try await fixture.anyone.get("/graph/path?from=\(slug)&to=\(target)")
                    guard let shortest = expected.shortestPath(to: target) else {
                        #expect(path.status == .notFound)
                        continue
                    }
                    #expect(path["items"] == .array(shortest.map { .string($0.description) }))
                }
            }
        }
    }

    @Test(
        "links in any order, some of which would close cycles, leave what a simple model leaves",
        arguments: GraphBackend.available, 0..<4 as Range<UInt64>)
    func insertion(backend: GraphBackend, seed: UInt64) async throws {
        var generator = SplitMix(seed: seed)
        let empty = ModelGraph.random(10, links: 0, using: &generator)
        let links = (0..<60).map { _ in
            Prerequisite(
                concept: ModelGraph.slug(Int.random(in: 0..<10, using: &generator)),
                needs: ModelGraph.slug(Int.random(in: 0..<10, using: &generator)))
        }
        try await GraphFixture.run(on: backend) { fixture in
            var model = empty
            try await fixture.graph.put(model.asImport)
            for link in links {
                let path = "/graph/concepts/\(link.concept)/prerequisites/\(link.needs)"
                let answer = try await fixture.teacher.call(.put, path)
                #expect((answer.status == .conflict) == model.wouldClose(link))
                if answer.status == .noContent { model.add(link) }
            }
            #expect(try await fixture.stored() == Set(model.prerequisites))
        }
    }

    @Test(
        "of links that close a cycle together, written at once, exactly one is refused",
        arguments: GraphBackend.available, [2, 3, 8])
    func concurrentCycle(backend: GraphBackend, length: Int) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            for round in 0..<20 {
                let slugs = (0..<length).map { "r\(round)-\($0)" }
                for slug in slugs { try await fixture.concepts(slug) }
                let statuses = try await withThrowingTaskGroup { group in
                    for (concept, needs) in zip(slugs, slugs.dropFirst() + slugs.prefix(1)) {
                        group.addTask {
                            let path = "/graph/concepts/\(concept)/prerequisites/\(needs)"
                            return try await fixture.teacher.call(.put, path).status
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(statuses.count { $0 == .conflict } == 1)
                #expect(statuses.count { $0 == .noContent } == length - 1)
            }
        }
    }

    @Test("a concept that is deleted takes its links along", arguments: GraphBackend.available)
    func deletion(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("a", "b", "c")
            try await fixture.chain("a", "b", "c")
            #expect(try await fixture.teacher.call(.delete, "/graph/concepts/b").status == .noContent)
            #expect(try await fixture.anyone.get("/graph/concepts/a/prerequisites")["items"] == [])
            #expect(try await fixture.teacher.call(.put, "/graph/concepts/c/prerequisites/a").status == .noContent)
        }
    }

    struct Missing: Error {}
}
