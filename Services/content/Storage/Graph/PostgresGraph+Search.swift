import Postgres

extension PostgresGraph {
    /// With a depth, the recursion meets a concept once for each distance at which it can be reached, which soon
    /// costs more than the whole; beyond this depth the whole is read.
    static let boundedDepth = 6

    func graph(
        from slug: ConceptSlug, along direction: ConceptGraph.Direction, depth: Int?
    ) async throws -> ConceptGraph {
        try await Self.graph(from: slug, along: direction, depth: depth, in: database)
    }

    static func graph(
        from slug: ConceptSlug, along direction: ConceptGraph.Direction, depth: Int? = nil,
        in executor: some PostgresExecutor
    ) async throws -> ConceptGraph {
        let sql = direction == .prerequisites ? prerequisites : dependents
        let bound = depth.flatMap { $0 <= boundedDepth ? $0 : nil }
        let rows = try await executor.query(sql, [slug, bound])
        guard !rows.isEmpty else { throw GraphError.conceptNotFound(slug) }
        return try ConceptGraph(rows, from: slug)
    }

    /// `UNION` drops what was reached before, so that each concept is expanded once and the recursion would end even
    /// in a cycle. Without a bound ($2) the distance stays 0, with one it is part of what must differ.
    private static let prerequisites: SQL = """
        WITH RECURSIVE reached (id, distance) AS (
            SELECT id, 0
              FROM concepts
             WHERE slug = $1
             UNION
            SELECT p.needs_id, CASE WHEN $2::integer IS NULL THEN 0 ELSE r.distance + 1 END
              FROM reached r
              JOIN prerequisites p ON p.concept_id = r.id
             WHERE $2::integer IS NULL OR r.distance < $2::integer
        )
        SELECT c.id, c.slug, c.title, c.summary,
               ARRAY (SELECT p.needs_id FROM prerequisites p WHERE p.concept_id = c.id) AS next
          FROM (SELECT DISTINCT id FROM reached) r
          JOIN concepts c ON c.id = r.id
        """

    /// The same the other way round.
    private static let dependents: SQL = """
        WITH RECURSIVE reached (id, distance) AS (
            SELECT id, 0
              FROM concepts
             WHERE slug = $1
             UNION
            SELECT p.concept_id, CASE WHEN $2::integer IS NULL THEN 0 ELSE r.distance + 1 END
              FROM reached r
              JOIN prerequisites p ON p.needs_id = r.id
             WHERE $2::integer IS NULL OR r.distance < $2::integer
        )
        SELECT c.id, c.slug, c.title, c.summary,
               ARRAY (SELECT p.concept_id FROM prerequisites p WHERE p.needs_id = c.id) AS next
          FROM (SELECT DISTINCT id FROM reached) r
          JOIN concepts c ON c.id = r.id
        """
}

extension ConceptGraph {
    /// - Parameter rows: with `next` as ids, some of which may be of concepts that are not among the rows.
    fileprivate init(_ rows: PostgresRows, from slug: ConceptSlug) throws {
        var positions: [Int: Int] = [:]
        positions.reserveCapacity(rows.count)
        for (position, row) in rows.enumerated() { positions[try row["id"]] = position }
        let nodes = try rows.map { row in
            let next: [Int] = try row["next"]
            return Node(
                slug: try row["slug"], title: try row["title"], summary: try row["summary"],
                next: next.compactMap { positions[$0] })
        }
        guard let origin = nodes.firstIndex(where: { $0.slug == slug }) else {
            throw GraphCorruption.missingOrigin(slug)
        }
        self.init(nodes: nodes, origin: origin)
    }
}
