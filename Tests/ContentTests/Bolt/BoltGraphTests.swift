import PostgresTesting
import Testing

@testable import Content

/// What only this store has to show; all else is in the tests that both pass.
@Suite("The graph in Neo4j", .enabled(if: TestGraph.isAvailable && TestDatabase.isAvailable))
struct BoltGraphTests {
    @Test("preparing the database twice is the same as once")
    func migration() async throws {
        try await withReplicas(1) { graphs in
            let first = try await graphs[0].migrate()
            #expect(try await graphs[0].migrate() == first && first.contains("concept_slug"))
        }
    }

    @Test("a database that was not prepared takes nothing that could close a cycle")
    func unprepared() async throws {
        try await withReplicas(1) { graphs in
            let (a, b) = (ModelGraph.slug(1), ModelGraph.slug(2))
            try await graphs[0].put(ModelGraph.random(3, links: 0).asImport)
            try await graphs[0].client.write { transaction in
                try await transaction.run("MATCH (l:GraphLock) DELETE l")
            }
            await #expect(throws: GraphCorruption.self) {
                try await graphs[0].add(Prerequisite(concept: a, needs: b))
            }
        }
    }

    @Test("of links that close a cycle together, written at once by several replicas, exactly one is refused")
    func replicas() async throws {
        try await withReplicas(3) { graphs in
            try await graphs[0].put(ModelGraph.random(30, links: 0).asImport)
            for round in 0..<10 {
                let slugs = (0..<3).map { ModelGraph.slug(round * 3 + $0) }
                let refusals = try await withThrowingTaskGroup { group in
                    for (index, graph) in graphs.enumerated() {
                        let link = Prerequisite(concept: slugs[index], needs: slugs[(index + 1) % 3])
                        group.addTask {
                            do {
                                try await graph.add(link)
                                return 0
                            } catch GraphError.cycle {
                                return 1
                            }
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(refusals == 1)
            }
        }
    }

    @Test("concepts and chapters that several make at once are made once")
    func sameAtOnce() async throws {
        try await withReplicas(3) { graphs in
            let slug = ModelGraph.slug(0)
            let text = ConceptText(title: "T", summary: "", metadata: .empty)
            let made = try await withThrowingTaskGroup { group in
                for graph in graphs {
                    group.addTask {
                        do {
                            _ = try await graph.create(slug, text)
                            return 1
                        } catch GraphError.conceptChanged {
                            return 0
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(made == 1)
            try await withThrowingTaskGroup { group in
                for graph in graphs {
                    group.addTask { try await graph.put(ModelGraph.random(5, links: 0).asImport) }
                    group.addTask { try await graph.add(slug, to: ChapterReference(knowledgeID: 1, chapterID: "one")) }
                }
                try await group.waitForAll()
            }
            #expect(try await graphs[0].conceptCount() == 5)
            #expect(
                try await graphs[0].chapters(teaching: [slug]) == [
                    slug: [ChapterReference(knowledgeID: 1, chapterID: "one")]
                ])
        }
    }

    /// Several graphs over one database, each with a client of its own.
    private func withReplicas(
        _ count: Int, _ body: @Sendable ([BoltGraph]) async throws -> Void
    ) async throws {
        try await TestGraph.withDatabase { options in
            try await grow([], to: count, options, body)
        }
    }

    private func grow(
        _ graphs: [BoltGraph], to count: Int, _ options: BoltOptions,
        _ body: @Sendable ([BoltGraph]) async throws -> Void
    ) async throws {
        guard graphs.count < count else { return try await body(graphs) }
        try await BoltClient.withClient(options, logger: TestGraph.quiet) { client in
            try await grow(graphs + [BoltGraph(client: client, titles: AllChapters())], to: count, options, body)
        }
    }
}
