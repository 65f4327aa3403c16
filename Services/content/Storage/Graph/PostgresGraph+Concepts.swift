import Postgres

extension PostgresGraph {
    func concepts(after slug: ConceptSlug?, limit: Int) async throws -> [Concept] {
        let rows = try await database.query(
            """
            SELECT slug, title, summary, metadata, version, created_at, updated_at
              FROM concepts
             WHERE slug > $1
             ORDER BY slug
             LIMIT $2
            """, [slug?.description ?? "", limit])
        return try rows.map(Concept.init)
    }

    func conceptCount() async throws -> Int {
        let rows = try await database.query("SELECT count(*) AS count FROM concepts")
        return try rows.only?["count"] ?? 0
    }

    func concept(_ slug: ConceptSlug) async throws -> Concept? {
        let rows = try await database.query(
            """
            SELECT slug, title, summary, metadata, version, created_at, updated_at
              FROM concepts
             WHERE slug = $1
            """, [slug])
        return try rows.only.map(Concept.init)
    }

    func create(_ slug: ConceptSlug, _ text: ConceptText) async throws -> Concept {
        let rows = try await database.query(
            """
            INSERT INTO concepts (slug, title, summary, metadata)
            VALUES ($1, $2, $3, $4)
                ON CONFLICT (slug) DO NOTHING
            RETURNING slug, title, summary, metadata, version, created_at, updated_at
            """, [slug, text.title, text.summary, text.metadata.text])
        guard let row = rows.only else { throw GraphError.conceptChanged(slug) }
        return try Concept(row)
    }

    func replace(_ concept: Concept, with text: ConceptText) async throws -> Concept {
        let rows = try await database.query(
            """
            UPDATE concepts
               SET title = $3, summary = $4, metadata = $5, version = version + 1, updated_at = now()
             WHERE slug = $1
               AND version = $2
               AND created_at = $6
            RETURNING slug, title, summary, metadata, version, created_at, updated_at
            """,
            [concept.slug, concept.version, text.title, text.summary, text.metadata.text, concept.createdAt])
        guard let row = rows.only else { throw GraphError.conceptChanged(concept.slug) }
        return try Concept(row)
    }

    func delete(_ concept: Concept) async throws {
        let rows = try await database.query(
            "DELETE FROM concepts WHERE slug = $1 AND version = $2 AND created_at = $3",
            [concept.slug, concept.version, concept.createdAt])
        guard rows.affectedRows == 1 else { throw GraphError.conceptChanged(concept.slug) }
    }
}

extension Concept {
    fileprivate init(_ row: PostgresRow) throws {
        self.init(
            slug: try row["slug"],
            text: ConceptText(
                title: try row["title"], summary: try row["summary"],
                metadata: JSONObjectText(text: try row["metadata"])),
            version: try row["version"], createdAt: try row["created_at"], updatedAt: try row["updated_at"])
    }
}
