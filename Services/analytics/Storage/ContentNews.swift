import Postgres
import WireProtocol

/// What content tells of its items.
struct ContentNews {
    let transaction: PostgresTransaction

    func save(_ news: [ContentSaved]) async throws {
        try await transaction.addPlaceholders(for: news.map(\.knowledgeID))
        try await transaction.query(
            """
            INSERT INTO content_items (id, knowledge_id, chapter_id, language, content_type, status)
            SELECT DISTINCT ON (id) id, knowledge_id, chapter_id, language, content_type, status
              FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY
                AS news (id, knowledge_id, chapter_id, language, content_type, status, number)
             ORDER BY id, number DESC
                ON CONFLICT (id) DO UPDATE
               SET knowledge_id = excluded.knowledge_id,
                   chapter_id = excluded.chapter_id,
                   language = excluded.language,
                   content_type = excluded.content_type,
                   status = excluded.status
            """,
            [
                news.map(\.id), news.map(\.knowledgeID), news.map(\.chapterID), news.map(\.language.description),
                news.map(\.contentType), news.map(\.status),
            ])
    }

    func delete(_ news: [ContentDeleted]) async throws {
        try await transaction.query(
            "DELETE FROM content_items WHERE id = ANY ($1::bigint[])", [news.map(\.id)])
    }
}

/// The roll-up of published items by language.
enum CoverageCount {
    static func refresh(_ courses: [Int], in transaction: PostgresTransaction) async throws {
        guard !courses.isEmpty else { return }
        try await transaction.query(
            """
            WITH counted AS (
                SELECT knowledge_id, language, count(DISTINCT chapter_id) AS chapters, count(*) AS items
                  FROM content_items
                 WHERE knowledge_id = ANY ($1::integer[])
                   AND status = 'published'
                 GROUP BY knowledge_id, language
            ), gone AS (
                DELETE FROM content_coverage AS known
                 WHERE knowledge_id = ANY ($1::integer[])
                   AND NOT EXISTS (
                           SELECT
                             FROM counted
                            WHERE counted.knowledge_id = known.knowledge_id
                              AND counted.language = known.language)
            )
            INSERT INTO content_coverage (knowledge_id, language, chapters, items)
            SELECT knowledge_id, language, chapters, items
              FROM counted
                ON CONFLICT (knowledge_id, language) DO UPDATE
               SET chapters = excluded.chapters,
                   items = excluded.items
            """, [courses])
    }
}
