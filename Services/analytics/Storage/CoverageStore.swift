import Postgres

/// Coverage in PostgreSQL, from the roll-up `content_coverage`.
struct CoverageStore: CoverageReports {
    let database: PostgresClient

    func coverage(after: Int?, limit: Int) async throws -> [CourseCoverage] {
        let rows = try await database.query(
            """
            WITH courses AS (
                SELECT id, title, default_language
                  FROM knowledge
                 WHERE title IS NOT NULL
                   AND deleted_at IS NULL
                   AND id > $1::bigint
                 ORDER BY id
                 LIMIT $2
            )
            SELECT courses.id, courses.title, courses.default_language,
                   (SELECT count(*) FROM chapters WHERE knowledge_id = courses.id) AS course_chapters,
                   coverage.language, coverage.chapters, coverage.items
              FROM courses
              LEFT JOIN content_coverage AS coverage ON coverage.knowledge_id = courses.id
             ORDER BY courses.id, coverage.language
            """, [after ?? 0, limit])
        var courses: [CourseCoverage] = []
        for row in rows {
            let knowledgeID: Int = try row["id"]
            if courses.last?.knowledgeID != knowledgeID {
                courses.append(
                    CourseCoverage(
                        knowledgeID: knowledgeID, title: try row["title"],
                        defaultLanguage: try row["default_language"], chapters: try row["course_chapters"],
                        languages: []))
            }
            if let language: String = try row["language"] {
                courses[courses.count - 1].languages.append(
                    LanguageCoverage(language: language, chapters: try row["chapters"], items: try row["items"]))
            }
        }
        return courses
    }

    func totals() async throws -> CoverageTotals {
        let rows = try await database.query(
            """
            WITH courses AS (
                SELECT id
                  FROM knowledge
                 WHERE title IS NOT NULL
                   AND deleted_at IS NULL
            )
            SELECT (SELECT count(*) FROM courses) AS knowledge,
                   (SELECT count(*) FROM chapters WHERE knowledge_id IN (SELECT id FROM courses)) AS chapters,
                   count(DISTINCT language) AS languages,
                   coalesce(sum(items), 0) AS items
              FROM content_coverage
             WHERE knowledge_id IN (SELECT id FROM courses)
            """)
        return CoverageTotals(
            knowledge: try rows[0]["knowledge"], chapters: try rows[0]["chapters"],
            languages: try rows[0]["languages"], items: try rows[0]["items"])
    }
}
