extension BoltGraph {
    func graph(
        from slug: ConceptSlug, along direction: ConceptGraph.Direction, depth: Int?
    ) async throws -> ConceptGraph {
        try await client.read { transaction in
            try await Self.graph(from: slug, along: direction, depth: depth, in: transaction)
        }
    }

    /// - Parameter target: nothing further is looked for once it is reached.
    static func graph(
        from slug: ConceptSlug, along direction: ConceptGraph.Direction, depth: Int? = nil,
        until target: ConceptSlug? = nil, in transaction: BoltTransaction
    ) async throws -> ConceptGraph {
        let levels = try await levels(from: [slug], along: direction, depth: depth, until: target, in: transaction)
        guard levels.first?.slug == slug else { throw GraphError.conceptNotFound(slug) }
        var positions: [ConceptSlug: Int] = [:]
        positions.reserveCapacity(levels.count)
        for (position, node) in levels.enumerated() { positions[node.slug] = position }
        let nodes = levels.map { node in
            ConceptGraph.Node(
                slug: node.slug, title: node.title, summary: node.summary,
                next: node.next.compactMap { positions[$0] })
        }
        return ConceptGraph(nodes: nodes, origin: 0)
    }

    /// A concept with those one step further.
    struct Reached {
        var slug: ConceptSlug
        var title: String
        var summary: String
        var next: [ConceptSlug]
    }

    /// All that is reached, the nearest first: level by level, so that each concept is read once. A pattern of variable
    /// length would follow each way to a concept, of which there can be exponentially many.
    static func levels(
        from origins: [ConceptSlug], along direction: ConceptGraph.Direction, depth: Int? = nil,
        until target: ConceptSlug? = nil, in transaction: BoltTransaction
    ) async throws -> [Reached] {
        let cypher = direction == .prerequisites ? prerequisites : dependents
        var reached: [Reached] = []
        var seen = Set(origins)
        var level = Array(seen)
        var distance = 0
        while !level.isEmpty {
            var next: [ConceptSlug] = []
            for batch in level.batches(of: batch) {
                for try await record in try await transaction.stream(cypher, ["slugs": .slugs(batch)]) {
                    let node = Reached(
                        slug: try record["slug"], title: try record["title"], summary: try record["summary"],
                        next: try record["next"])
                    for slug in node.next where seen.insert(slug).inserted { next.append(slug) }
                    reached.append(node)
                }
            }
            if let target, seen.contains(target) {
                // The target itself, which needs no arcs of its own.
                if !reached.contains(where: { $0.slug == target }) {
                    reached.append(Reached(slug: target, title: "", summary: "", next: []))
                }
                break
            }
            if let depth, distance == depth { break }
            level = next
            distance += 1
        }
        return reached
    }

    private static let prerequisites = """
        UNWIND $slugs AS slug
        MATCH (c:Concept {slug: slug})
        OPTIONAL MATCH (c)-[:REQUIRES]->(n:Concept)
        RETURN c.slug AS slug, c.title AS title, c.summary AS summary, collect(n.slug) AS next
        """

    private static let dependents = """
        UNWIND $slugs AS slug
        MATCH (c:Concept {slug: slug})
        OPTIONAL MATCH (c)<-[:REQUIRES]-(n:Concept)
        RETURN c.slug AS slug, c.title AS title, c.summary AS summary, collect(n.slug) AS next
        """
}
