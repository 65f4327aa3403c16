import Postgres

extension PostgresGraph {
    /// How long each statement of an import may take.
    private static let importTimeout: Duration = .seconds(120)
    /// So many new rows make what the planner knows of the tables wrong; it must not wait for autovacuum then.
    private static let unplannedPrerequisites = 1_000

    func put(_ entries: GraphImport) async throws {
        if let itself = entries.prerequisites.first(where: { $0.concept == $0.needs }) {
            throw GraphError.cycle([itself.concept])
        }
        try await database.withTransaction { transaction in
            try await Self.lock(in: transaction)
            try await Self.put(entries.concepts, in: transaction)
            try await Self.put(entries.prerequisites, in: transaction)
            if !entries.prerequisites.isEmpty, let cycle = try await Self.cycle(in: transaction) {
                throw GraphError.cycle(cycle)
            }
            if entries.prerequisites.count > Self.unplannedPrerequisites {
                try await transaction.query("ANALYZE concepts, prerequisites", timeout: Self.importTimeout)
            }
        }
    }

    /// In two statements, since one that inserts or updates takes a new id for each row that it updates.
    private static func put(_ concepts: [GraphImport.Entry], in transaction: PostgresTransaction) async throws {
        let columns: [any PostgresEncodable] = [
            concepts.map(\.slug), concepts.map(\.text.title), concepts.map(\.text.summary),
            concepts.map(\.text.metadata.text),
        ]
        try await transaction.query(
            """
            UPDATE concepts AS c
               SET title = e.title, summary = e.summary, metadata = e.metadata::jsonb, version = c.version + 1,
                   updated_at = now()
              FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS e (slug, title, summary, metadata)
             WHERE c.slug = e.slug
               AND (c.title, c.summary, c.metadata) IS DISTINCT FROM (e.title, e.summary, e.metadata::jsonb)
            """, columns, timeout: importTimeout)
        try await transaction.query(
            """
            INSERT INTO concepts AS c (slug, title, summary, metadata)
            SELECT slug, title, summary, metadata::jsonb
              FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS e (slug, title, summary, metadata)
             WHERE NOT EXISTS (SELECT FROM concepts old WHERE old.slug = e.slug)
                ON CONFLICT (slug) DO UPDATE
               SET title = excluded.title, summary = excluded.summary, metadata = excluded.metadata,
                   version = c.version + 1, updated_at = now()
            """, columns, timeout: importTimeout)
    }

    private static func put(_ prerequisites: [Prerequisite], in transaction: PostgresTransaction) async throws {
        let (concepts, needs) = (prerequisites.map(\.concept), prerequisites.map(\.needs))
        let unknown = try await transaction.query(
            """
            SELECT DISTINCT e.slug
              FROM unnest($1::text[] || $2::text[]) AS e (slug)
             WHERE NOT EXISTS (SELECT FROM concepts c WHERE c.slug = e.slug)
             ORDER BY e.slug
             LIMIT 100
            """, [concepts, needs], timeout: importTimeout)
        guard unknown.isEmpty else { throw GraphError.unknownConcepts(try unknown.map { try $0["slug"] }) }
        try await transaction.query(
            """
            INSERT INTO prerequisites (concept_id, needs_id)
            SELECT DISTINCT c.id, n.id
              FROM unnest($1::text[], $2::text[]) AS e (concept, needs)
              JOIN concepts c ON c.slug = e.concept
              JOIN concepts n ON n.slug = e.needs
                ON CONFLICT DO NOTHING
            """, [concepts, needs], timeout: importTimeout)
    }

    /// Any cycle in the whole graph.
    private static func cycle(in transaction: PostgresTransaction) async throws -> [ConceptSlug]? {
        let edges = try await transaction.query(
            "SELECT array_agg(concept_id) AS concepts, array_agg(needs_id) AS needs FROM prerequisites",
            timeout: importTimeout)
        guard let row = edges.only, let ids = CycleSearch(from: try row["concepts"], to: try row["needs"]).cycle()
        else {
            return nil
        }
        let slugs = try await transaction.query(
            """
            SELECT c.slug
              FROM unnest($1::integer[]) WITH ORDINALITY AS e (id, number)
              JOIN concepts c ON c.id = e.id
             ORDER BY e.number
            """, [ids])
        return try slugs.map { try $0["slug"] }
    }
}
