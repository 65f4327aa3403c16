import Postgres
import WireProtocol

/// What content tells of its courses and their chapters.
struct CourseNews {
    let transaction: PostgresTransaction

    func save(_ news: [KnowledgeSaved]) async throws {
        try await transaction.query(
            """
            INSERT INTO knowledge (id, title, default_language)
            SELECT DISTINCT ON (id) id, title, language
              FROM unnest($1::integer[], $2::text[], $3::text[]) WITH ORDINALITY
                AS news (id, title, language, number)
             ORDER BY id, number DESC
                ON CONFLICT (id) DO UPDATE
               SET title = excluded.title,
                   default_language = excluded.default_language,
                   deleted_at = NULL
            """, [news.map(\.knowledgeID), news.map(\.title), news.map(\.defaultLanguage.description)])
    }

    /// All that was counted for a course goes with it. The learners' events stay.
    func delete(_ news: [KnowledgeDeleted]) async throws {
        try await transaction.query(
            """
            WITH gone AS (
                INSERT INTO knowledge (id, deleted_at)
                SELECT DISTINCT unnest($1::integer[]), now()
                    ON CONFLICT (id) DO UPDATE
                   SET deleted_at = excluded.deleted_at
            ), gone_chapters AS (
                DELETE FROM chapters WHERE knowledge_id = ANY ($1::integer[])
            ), gone_items AS (
                DELETE FROM content_items WHERE knowledge_id = ANY ($1::integer[])
            ), gone_coverage AS (
                DELETE FROM content_coverage WHERE knowledge_id = ANY ($1::integer[])
            ), gone_generations AS (
                DELETE FROM content_analytics WHERE knowledge_id = ANY ($1::integer[])
            ), gone_metrics AS (
                DELETE FROM engagement_metrics WHERE knowledge_id = ANY ($1::integer[])
            )
            DELETE FROM learner_days WHERE knowledge_id = ANY ($1::integer[])
            """, [news.map(\.knowledgeID)])
    }

    func save(_ news: [ChapterSaved]) async throws {
        try await transaction.addPlaceholders(for: news.map(\.knowledgeID))
        try await transaction.query(
            """
            INSERT INTO chapters (knowledge_id, chapter_id, title, position)
            SELECT DISTINCT ON (knowledge_id, chapter_id) knowledge_id, chapter_id, title, position
              FROM unnest($1::integer[], $2::text[], $3::text[], $4::integer[]) WITH ORDINALITY
                AS news (knowledge_id, chapter_id, title, position, number)
             ORDER BY knowledge_id, chapter_id, number DESC
                ON CONFLICT (knowledge_id, chapter_id) DO UPDATE
               SET title = excluded.title,
                   position = excluded.position
            """,
            [news.map(\.knowledgeID), news.map(\.chapterID), news.map(\.title), news.map(\.position)])
    }

    func delete(_ news: [ChapterDeleted]) async throws {
        try await transaction.query(
            """
            WITH gone AS (
                SELECT *
                  FROM unnest($1::integer[], $2::text[]) AS gone (knowledge_id, chapter_id)
            ), gone_items AS (
                DELETE FROM content_items
                 USING gone
                 WHERE content_items.knowledge_id = gone.knowledge_id
                   AND content_items.chapter_id = gone.chapter_id
            )
            DELETE FROM chapters
             USING gone
             WHERE chapters.knowledge_id = gone.knowledge_id
               AND chapters.chapter_id = gone.chapter_id
            """, [news.map(\.knowledgeID), news.map(\.chapterID)])
    }
}

extension PostgresTransaction {
    /// Makes sure that what comes next finds its course, though content's word of it is not here yet.
    func addPlaceholders(for knowledgeIDs: [Int]) async throws {
        try await query(
            """
            INSERT INTO knowledge (id)
            SELECT DISTINCT unnest($1::integer[]) AS id
             ORDER BY id
                ON CONFLICT DO NOTHING
            """, [knowledgeIDs])
    }
}
