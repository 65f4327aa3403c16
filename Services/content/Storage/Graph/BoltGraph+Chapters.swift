extension BoltGraph {
    func add(_ slug: ConceptSlug, to chapter: ChapterReference) async throws {
        guard try await titles.contains(chapter) else { throw GraphError.chapterNotFound(chapter) }
        try await client.write(retrying: \.isConstraintViolation) { transaction in
            let linked = try await transaction.run(
                """
                MATCH (c:Concept {slug: $slug})
                MERGE (h:Chapter {knowledge_id: $knowledge_id, chapter_id: $chapter_id})
                MERGE (h)-[:TEACHES]->(c)
                RETURN c.slug AS slug
                """, chapter.bolt(["slug": slug.bolt]))
            guard !linked.isEmpty else { throw GraphError.conceptNotFound(slug) }
        }
    }

    func remove(_ slug: ConceptSlug, from chapter: ChapterReference) async throws {
        try await client.write { transaction in
            let removed = try await transaction.run(
                """
                MATCH (:Chapter {knowledge_id: $knowledge_id, chapter_id: $chapter_id})-[r:TEACHES]->
                      (:Concept {slug: $slug})
                DELETE r
                RETURN count(*) AS count
                """, chapter.bolt(["slug": slug.bolt]))
            guard try removed.first?["count"] ?? 0 > 0 else { throw GraphError.chapterConceptNotFound(chapter, slug) }
        }
    }

    func chapters(teaching slugs: [ConceptSlug]) async throws -> [ConceptSlug: [ChapterReference]] {
        try await client.read { transaction in
            var chapters: [ConceptSlug: [ChapterReference]] = [:]
            for batch in slugs.batches(of: Self.batch) {
                let records = try await transaction.stream(
                    """
                    UNWIND $slugs AS slug
                    MATCH (h:Chapter)-[:TEACHES]->(c:Concept {slug: slug})
                    RETURN c.slug AS slug, h.knowledge_id AS knowledge_id, h.chapter_id AS chapter_id
                    """, ["slugs": .slugs(batch)])
                for try await record in records {
                    chapters[try record["slug"], default: []].append(try ChapterReference(record))
                }
            }
            return chapters.mapValues { $0.sorted() }
        }
    }

    func neighbourhood(of chapter: ChapterReference) async throws -> ChapterNeighbourhood {
        try await client.read { transaction in
            let own = try await transaction.run(
                """
                MATCH (:Chapter {knowledge_id: $knowledge_id, chapter_id: $chapter_id})-[:TEACHES]->(c:Concept)
                RETURN c.slug AS slug
                """, chapter.bolt())
            let concepts = Set(try own.map { record -> ConceptSlug in try record["slug"] })
            let prerequisites = try await Self.prerequisites(around: concepts, in: transaction)
            let near = concepts.union(prerequisites.map(\.concept)).union(prerequisites.map(\.needs))
            let taught = try await transaction.run(
                """
                UNWIND $slugs AS slug
                MATCH (h:Chapter)-[:TEACHES]->(:Concept {slug: slug})
                WITH DISTINCT h
                MATCH (h)-[:TEACHES]->(c:Concept)
                RETURN h.knowledge_id AS knowledge_id, h.chapter_id AS chapter_id, collect(c.slug) AS slugs
                """, ["slugs": .slugs(near)])
            var others: [ChapterReference: Set<ConceptSlug>] = [:]
            for record in taught {
                let slugs: [ConceptSlug] = try record["slugs"]
                others[try ChapterReference(record)] = Set(slugs)
            }
            others[chapter] = nil
            return ChapterNeighbourhood(concepts: concepts, others: others, prerequisites: prerequisites)
        }
    }

    /// What the concepts need directly, and what directly needs them.
    private static func prerequisites(
        around concepts: Set<ConceptSlug>, in transaction: BoltTransaction
    ) async throws -> Set<Prerequisite> {
        let needed = try await transaction.run(
            """
            UNWIND $slugs AS slug
            MATCH (c:Concept {slug: slug})-[:REQUIRES]->(n:Concept)
            RETURN c.slug AS concept, n.slug AS needs
            """, ["slugs": .slugs(concepts)])
        let needing = try await transaction.run(
            """
            UNWIND $slugs AS slug
            MATCH (c:Concept)-[:REQUIRES]->(n:Concept {slug: slug})
            RETURN c.slug AS concept, n.slug AS needs
            """, ["slugs": .slugs(concepts)])
        return Set(try (needed + needing).map(Prerequisite.init))
    }
}

extension ChapterReference {
    init(_ record: BoltRecord) throws {
        self.init(knowledgeID: try record["knowledge_id"], chapterID: try record["chapter_id"])
    }

    /// As parameters, after others.
    func bolt(_ others: BoltMap = [:]) -> BoltMap {
        var parameters = others
        parameters["knowledge_id"] = .integer(Int64(knowledgeID))
        parameters["chapter_id"] = .string(chapterID)
        return parameters
    }
}

extension Prerequisite {
    init(_ record: BoltRecord) throws {
        self.init(concept: try record["concept"], needs: try record["needs"])
    }
}
