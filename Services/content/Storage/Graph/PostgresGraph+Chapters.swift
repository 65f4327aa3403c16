import Postgres

extension PostgresGraph {
    func add(_ slug: ConceptSlug, to chapter: ChapterReference) async throws {
        do {
            let inserted = try await database.query(
                """
                INSERT INTO chapter_concepts (knowledge_id, chapter_id, concept_id)
                SELECT $1::integer, $2::text, id
                  FROM concepts
                 WHERE slug = $3
                    ON CONFLICT (knowledge_id, chapter_id, concept_id) DO UPDATE SET concept_id = excluded.concept_id
                """, [chapter.knowledgeID, chapter.chapterID, slug])
            guard inserted.affectedRows == 1 else { throw GraphError.conceptNotFound(slug) }
        } catch let error as PostgresError {
            switch error.constraintViolated {
            case "chapter_concepts_chapter_fkey": throw GraphError.chapterNotFound(chapter)
            case "chapter_concepts_concept_id_fkey": throw GraphError.conceptNotFound(slug)
            default: throw error
            }
        }
    }

    func remove(_ slug: ConceptSlug, from chapter: ChapterReference) async throws {
        let rows = try await database.query(
            """
            DELETE FROM chapter_concepts t
             USING concepts c
             WHERE t.knowledge_id = $1
               AND t.chapter_id = $2
               AND c.slug = $3
               AND t.concept_id = c.id
            """, [chapter.knowledgeID, chapter.chapterID, slug])
        guard rows.affectedRows == 1 else { throw GraphError.chapterConceptNotFound(chapter, slug) }
    }

    func chapters(teaching slugs: [ConceptSlug]) async throws -> [ConceptSlug: [ChapterReference]] {
        let rows = try await database.query(
            """
            SELECT c.slug, t.knowledge_id, t.chapter_id
              FROM concepts c
              JOIN chapter_concepts t ON t.concept_id = c.id
             WHERE c.slug = ANY ($1)
             ORDER BY t.knowledge_id, t.chapter_id
            """, [slugs])
        var chapters: [ConceptSlug: [ChapterReference]] = [:]
        for row in rows { chapters[try row["slug"], default: []].append(try ChapterReference(row)) }
        return chapters
    }

    func neighbourhood(of chapter: ChapterReference) async throws -> ChapterNeighbourhood {
        try await database.withTransaction(isolation: .repeatableRead, readOnly: true) { transaction in
            let links = try await transaction.query(
                """
                SELECT c.slug AS concept, n.slug AS needs
                  FROM prerequisites p
                  JOIN concepts c ON c.id = p.concept_id
                  JOIN concepts n ON n.id = p.needs_id
                 WHERE p.concept_id IN (
                           SELECT concept_id FROM chapter_concepts WHERE knowledge_id = $1 AND chapter_id = $2)
                    OR p.needs_id IN (
                           SELECT concept_id FROM chapter_concepts WHERE knowledge_id = $1 AND chapter_id = $2)
                """, [chapter.knowledgeID, chapter.chapterID])
            let taught = try await transaction.query(Self.taughtNearby, [chapter.knowledgeID, chapter.chapterID])
            var others: [ChapterReference: Set<ConceptSlug>] = [:]
            for row in taught { others[try ChapterReference(row), default: []].insert(try row["slug"]) }
            let concepts = others.removeValue(forKey: chapter) ?? []
            let prerequisites = try links.map { row in
                Prerequisite(concept: try row["concept"], needs: try row["needs"])
            }
            return ChapterNeighbourhood(concepts: concepts, others: others, prerequisites: Set(prerequisites))
        }
    }

    /// All concepts of the chapters that teach one of this chapter's concepts or of their direct neighbours.
    private static let taughtNearby: SQL = """
        WITH own (id) AS (
            SELECT concept_id
              FROM chapter_concepts
             WHERE knowledge_id = $1
               AND chapter_id = $2
        ), near (id) AS (
            SELECT id FROM own
             UNION
            SELECT p.needs_id FROM own JOIN prerequisites p ON p.concept_id = own.id
             UNION
            SELECT p.concept_id FROM own JOIN prerequisites p ON p.needs_id = own.id
        ), nearby (knowledge_id, chapter_id) AS (
            SELECT DISTINCT t.knowledge_id, t.chapter_id
              FROM near
              JOIN chapter_concepts t ON t.concept_id = near.id
        )
        SELECT t.knowledge_id, t.chapter_id, c.slug
          FROM nearby
          JOIN chapter_concepts t USING (knowledge_id, chapter_id)
          JOIN concepts c ON c.id = t.concept_id
        """
}

extension ChapterReference {
    init(_ row: PostgresRow) throws {
        self.init(knowledgeID: try row["knowledge_id"], chapterID: try row["chapter_id"])
    }
}
