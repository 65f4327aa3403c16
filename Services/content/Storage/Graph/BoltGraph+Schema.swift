extension BoltGraph {
    /// Makes the constraints, each with the index behind it, and the lock node. What is there already stays.
    ///
    /// - Returns: the names of all.
    func migrate() async throws -> [String] {
        for (_, cypher) in Self.constraints {
            try await client.write { transaction in try await transaction.run(cypher) }
        }
        try await client.write(retrying: \.isConstraintViolation) { transaction in
            try await transaction.run(
                """
                MERGE (lock:GraphLock {name: 'prerequisites'})
                ON CREATE SET lock.taken = 0
                """)
        }
        return Self.constraints.map(\.name) + ["graph_lock"]
    }

    private static let constraints: [(name: String, cypher: String)] = [
        (
            "concept_slug",
            "CREATE CONSTRAINT concept_slug IF NOT EXISTS FOR (c:Concept) REQUIRE c.slug IS UNIQUE"
        ),
        (
            "chapter_reference",
            """
            CREATE CONSTRAINT chapter_reference IF NOT EXISTS
            FOR (h:Chapter) REQUIRE (h.knowledge_id, h.chapter_id) IS UNIQUE
            """
        ),
        (
            "graph_lock_name",
            "CREATE CONSTRAINT graph_lock_name IF NOT EXISTS FOR (l:GraphLock) REQUIRE l.name IS UNIQUE"
        ),
    ]
}
