import Postgres
import WireProtocol

/// Chapters' titles from content's own tables.
struct PostgresChapterTitles: ChapterTitles {
    let database: PostgresClient

    func titles(
        of chapters: Set<ChapterReference>, in languages: ReaderLanguages
    ) async throws -> [ChapterReference: ChapterTitle] {
        guard !chapters.isEmpty else { return [:] }
        let references = Array(chapters)
        let rows = try await database.query(
            """
            SELECT c.knowledge_id, c.chapter_id, COALESCE(t.title, c.title) AS title,
                   COALESCE(t.language, k.default_language) AS language
              FROM unnest($1::integer[], $2::text[]) AS r (knowledge_id, chapter_id)
              JOIN chapters c ON c.knowledge_id = r.knowledge_id AND c.chapter_id = r.chapter_id
              JOIN knowledge k ON k.id = c.knowledge_id
              LEFT JOIN LATERAL (
                       SELECT e.title, e.language
                         FROM edtech_content e
                        CROSS JOIN LATERAL (
                                 SELECT EXISTS (
                                            SELECT
                                              FROM unnest($4::text[]) AS r (tag)
                                             WHERE e.language = r.tag OR starts_with(e.language, r.tag || '-')),
                                        k.default_language <> ALL ($3::text[])
                                        AND EXISTS (
                                            SELECT
                                              FROM unnest($4::text[]) AS r (tag)
                                             WHERE k.default_language = r.tag
                                                OR starts_with(k.default_language, r.tag || '-'))
                              ) AS refused (own, by_default)
                        WHERE e.knowledge_id = c.knowledge_id
                          AND e.chapter_id = c.chapter_id
                          AND (e.status = 'published' OR (e.status = 'draft' AND e.publish_at <= now()))
                          AND (e.language = ANY ($3::text[]) OR e.language = k.default_language
                               OR (refused.by_default AND NOT refused.own))
                        ORDER BY array_position($3::text[], e.language::text) NULLS LAST, refused.own,
                                 e.language = k.default_language DESC, e.content_type <> 'lesson', e.language, e.id
                        LIMIT 1
                   ) t ON true
            """,
            [
                references.map(\.knowledgeID), references.map(\.chapterID), languages.preferred.map(\.description),
                languages.refused.map(\.description),
            ])
        var titles: [ChapterReference: ChapterTitle] = [:]
        for row in rows {
            titles[try ChapterReference(row)] = ChapterTitle(text: try row["title"], language: try row["language"])
        }
        return titles
    }

    func contains(_ chapter: ChapterReference) async throws -> Bool {
        let rows = try await database.query(
            "SELECT 1 FROM chapters WHERE knowledge_id = $1 AND chapter_id = $2",
            [chapter.knowledgeID, chapter.chapterID])
        return !rows.isEmpty
    }
}
