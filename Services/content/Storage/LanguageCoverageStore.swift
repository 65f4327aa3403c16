import Postgres
import ServiceKit

/// Counts what a knowledge item has in each language.
struct LanguageCoverageStore: Sendable {
    let database: PostgresClient

    /// By language, one more than asked for when there are more.
    ///
    /// - Parameter seesDrafts: whether what is not published counts too.
    func list(of knowledgeID: Int32, seesDrafts: Bool, _ page: PageRequest<String>) async throws -> [LanguageCoverage] {
        let rows = try await database.query(
            """
              WITH visible AS MATERIALIZED (
                       SELECT language, chapter_id, content_type
                         FROM edtech_content c
                        WHERE knowledge_id = $1
                          AND ($2 OR
            """ + ContentItem.isPublished + """
                )),
                       model AS (
                           SELECT v.chapter_id, v.content_type, count(*) OVER () AS items
                             FROM visible v
                             JOIN knowledge k ON k.id = $1 AND k.default_language = v.language)
                SELECT v.language, count(DISTINCT v.chapter_id) AS chapters, count(*) AS items,
                       coalesce(count(m.items)::double precision / max(m.items), 0) AS share
                  FROM visible v
                  LEFT JOIN model m USING (chapter_id, content_type)
                 WHERE v.language > $3
                 GROUP BY v.language
                 ORDER BY v.language
                 LIMIT $4
                """, [knowledgeID, seesDrafts, page.after ?? "", page.limit + 1])
        return try rows.map { row in
            LanguageCoverage(
                language: try row["language"], chapters: try row["chapters"], items: try row["items"],
                share: try row["share"])
        }
    }

    func count(of knowledgeID: Int32, seesDrafts: Bool) async throws -> Int {
        let rows = try await database.query(
            """
            SELECT count(DISTINCT language)
              FROM edtech_content c
             WHERE knowledge_id = $1
               AND ($2 OR
            """ + ContentItem.isPublished + ")", [knowledgeID, seesDrafts])
        return try rows.only?[0] ?? 0
    }

    /// By language. At most as many as the chapter has texts.
    ///
    /// - Throws: ``ContentError/noSuchChapter``.
    func languages(
        ofChapter chapterID: String, of knowledgeID: Int32, seesDrafts: Bool
    ) async throws -> [ChapterLanguage] {
        let rows = try await database.query(
            """
              WITH visible AS MATERIALIZED (
                       SELECT language, content_type
                         FROM edtech_content c
                        WHERE knowledge_id = $1
                          AND chapter_id = $2
                          AND ($3 OR
            """ + ContentItem.isPublished + """
                )),
                       model AS (
                           SELECT v.content_type, count(*) OVER () AS items
                             FROM visible v
                             JOIN knowledge k ON k.id = $1 AND k.default_language = v.language)
                SELECT v.language, count(v.language) AS items,
                       array_agg(v.content_type ORDER BY v.content_type) AS content_types,
                       coalesce(count(m.items)::double precision / max(m.items), 0) AS share
                  FROM chapters h
                  LEFT JOIN visible v ON true
                  LEFT JOIN model m USING (content_type)
                 WHERE h.knowledge_id = $1
                   AND h.chapter_id = $2
                 GROUP BY v.language
                 ORDER BY v.language
                """, [knowledgeID, chapterID, seesDrafts])
        guard !rows.isEmpty else { throw ContentError.noSuchChapter }
        return try rows.filter { try $0["items"] > 0 }.map { row in
            ChapterLanguage(
                language: try row["language"], items: try row["items"], contentTypes: try row["content_types"],
                share: try row["share"])
        }
    }
}
