import Postgres

extension PostgresGraph: GraphTransfer {
    func prerequisites(of slugs: [ConceptSlug]) async throws -> [ConceptSlug: [ConceptSlug]] {
        let rows = try await database.query(
            """
            SELECT c.slug AS concept, n.slug AS needs
              FROM concepts c
              JOIN prerequisites p ON p.concept_id = c.id
              JOIN concepts n ON n.id = p.needs_id
             WHERE c.slug = ANY ($1)
            """, [slugs])
        var needs: [ConceptSlug: [ConceptSlug]] = [:]
        for row in rows { needs[try row["concept"], default: []].append(try row["needs"]) }
        return needs
    }

    func take(_ concepts: [Concept]) async throws {
        try await database.query(
            """
            INSERT INTO concepts (slug, title, summary, metadata, version, created_at, updated_at)
            SELECT slug, title, summary, metadata::jsonb, version, created_at, updated_at
              FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[],
                          $6::timestamptz[], $7::timestamptz[])
                   AS e (slug, title, summary, metadata, version, created_at, updated_at)
                ON CONFLICT (slug) DO UPDATE
               SET title = excluded.title, summary = excluded.summary, metadata = excluded.metadata,
                   version = excluded.version, created_at = excluded.created_at, updated_at = excluded.updated_at
            """,
            [
                concepts.map(\.slug), concepts.map(\.text.title), concepts.map(\.text.summary),
                concepts.map(\.text.metadata.text), concepts.map(\.version), concepts.map(\.createdAt),
                concepts.map(\.updatedAt),
            ])
    }

    func take(_ prerequisites: [Prerequisite]) async throws {
        try await database.query(
            """
            INSERT INTO prerequisites (concept_id, needs_id)
            SELECT c.id, n.id
              FROM unnest($1::text[], $2::text[]) AS e (concept, needs)
              JOIN concepts c ON c.slug = e.concept
              JOIN concepts n ON n.slug = e.needs
                ON CONFLICT DO NOTHING
            """, [prerequisites.map(\.concept), prerequisites.map(\.needs)])
    }

    func take(_ lessons: [ChapterConcept]) async throws {
        try await database.query(
            """
            INSERT INTO chapter_concepts (knowledge_id, chapter_id, concept_id)
            SELECT h.knowledge_id, h.chapter_id, c.id
              FROM unnest($1::integer[], $2::text[], $3::text[]) AS e (knowledge_id, chapter_id, slug)
              JOIN chapters h ON h.knowledge_id = e.knowledge_id AND h.chapter_id = e.chapter_id
              JOIN concepts c ON c.slug = e.slug
                ON CONFLICT DO NOTHING
            """,
            [lessons.map(\.chapter.knowledgeID), lessons.map(\.chapter.chapterID), lessons.map(\.concept)])
    }

    func removeAll() async throws {
        try await database.query("DELETE FROM concepts")
    }
}
