extension BoltGraph: GraphTransfer {
    /// What one transaction deletes at most: it holds all of that in memory.
    private static let deletion = 10_000

    func prerequisites(of slugs: [ConceptSlug]) async throws -> [ConceptSlug: [ConceptSlug]] {
        try await client.read { transaction in
            let records = try await transaction.stream(
                """
                UNWIND $slugs AS slug
                MATCH (c:Concept {slug: slug})-[:REQUIRES]->(n:Concept)
                RETURN c.slug AS concept, collect(n.slug) AS needs
                """, ["slugs": .slugs(slugs)])
            var needs: [ConceptSlug: [ConceptSlug]] = [:]
            for try await record in records { needs[try record["concept"]] = try record["needs"] }
            return needs
        }
    }

    func take(_ concepts: [Concept]) async throws {
        let values = concepts.map { concept in
            BoltValue.map([
                "slug": concept.slug.bolt, "title": .string(concept.text.title),
                "summary": .string(concept.text.summary), "metadata": .string(concept.text.metadata.text),
                "version": .integer(Int64(concept.version)), "created_at": .moment(concept.createdAt),
                "updated_at": .moment(concept.updatedAt),
            ])
        }
        for batch in values.batches(of: 200) {
            try await client.write(retrying: \.isConstraintViolation) { transaction in
                try await transaction.run(
                    """
                    UNWIND $concepts AS e
                    MERGE (c:Concept {slug: e.slug})
                    SET c.title = e.title, c.summary = e.summary, c.metadata = e.metadata, c.version = e.version,
                        c.created_at = e.created_at, c.updated_at = e.updated_at
                    """, ["concepts": .list(Array(batch))])
            }
        }
    }

    func take(_ prerequisites: [Prerequisite]) async throws {
        for batch in prerequisites.batches(of: Self.batch) {
            try await client.write { transaction in try await Self.link(batch, in: transaction) }
        }
    }

    func take(_ lessons: [ChapterConcept]) async throws {
        for batch in lessons.batches(of: Self.batch) {
            let values = batch.map { BoltValue.map($0.chapter.bolt(["slug": $0.concept.bolt])) }
            try await client.write(retrying: \.isConstraintViolation) { transaction in
                try await transaction.run(
                    """
                    UNWIND $lessons AS e
                    MATCH (c:Concept {slug: e.slug})
                    MERGE (h:Chapter {knowledge_id: e.knowledge_id, chapter_id: e.chapter_id})
                    MERGE (h)-[:TEACHES]->(c)
                    """, ["lessons": .list(values)])
            }
        }
    }

    func removeAll() async throws {
        while try await removeSome() > 0 {}
    }

    /// - Returns: how many nodes.
    private func removeSome() async throws -> Int {
        try await client.write { transaction in
            let removed = try await transaction.run(
                """
                MATCH (n)
                WHERE n:Concept OR n:Chapter
                WITH n
                LIMIT $limit
                DETACH DELETE n
                RETURN count(*) AS count
                """, ["limit": .integer(Int64(Self.deletion))])
            return try removed.first?["count"] ?? 0
        }
    }
}
