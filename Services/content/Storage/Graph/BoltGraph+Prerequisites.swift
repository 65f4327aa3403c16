extension BoltGraph {
    func add(_ prerequisite: Prerequisite) async throws {
        guard prerequisite.concept != prerequisite.needs else { throw GraphError.cycle([prerequisite.concept]) }
        try await writeLocked { transaction in
            let back = try await Self.graph(
                from: prerequisite.needs, along: .prerequisites, until: prerequisite.concept, in: transaction)
            if let path = back.shortestPath(to: prerequisite.concept) {
                throw GraphError.cycle([prerequisite.concept] + path.dropLast())
            }
            let linked = try await transaction.run(
                """
                MATCH (c:Concept {slug: $concept})
                MATCH (n:Concept {slug: $needs})
                MERGE (c)-[:REQUIRES]->(n)
                RETURN c.slug AS slug
                """, ["concept": prerequisite.concept.bolt, "needs": prerequisite.needs.bolt])
            guard !linked.isEmpty else { throw GraphError.conceptNotFound(prerequisite.concept) }
        }
    }

    func remove(_ prerequisite: Prerequisite) async throws {
        try await client.write { transaction in
            let removed = try await transaction.run(
                """
                MATCH (:Concept {slug: $concept})-[r:REQUIRES]->(:Concept {slug: $needs})
                DELETE r
                RETURN count(*) AS count
                """, ["concept": prerequisite.concept.bolt, "needs": prerequisite.needs.bolt])
            guard try removed.first?["count"] ?? 0 > 0 else { throw GraphError.prerequisiteNotFound(prerequisite) }
        }
    }
}
