import Postgres

extension EngagementStore {
    func effectiveness(of knowledgeID: Int) async throws -> EffectivenessReport? {
        try await database.withTransaction(isolation: .repeatableRead, readOnly: true) { transaction in
            guard try await CourseLookup.isKnown(knowledgeID, transaction) else { return nil }
            let rows = try await transaction.query(
                """
                WITH readings AS (
                    SELECT chapter_id, learner_id, sum(views) AS views, sum(completions) AS completions,
                           sum(timings) AS timings, sum(seconds) AS seconds, max(last_viewed_at) AS last_viewed_at
                      FROM learner_days
                     WHERE knowledge_id = $1
                     GROUP BY chapter_id, learner_id
                ), last_readings AS (
                    SELECT DISTINCT ON (learner_id) chapter_id, completions
                      FROM readings
                     WHERE last_viewed_at IS NOT NULL
                     ORDER BY learner_id, last_viewed_at DESC, chapter_id
                ), stops AS (
                    SELECT chapter_id, count(*) AS stops
                      FROM last_readings
                     WHERE completions = 0
                     GROUP BY chapter_id
                ), figures AS (
                    SELECT chapter_id, sum(views) AS views, sum(completions) AS completions, count(*) AS learners,
                           count(*) FILTER (WHERE views > 0 OR completions > 0) AS readings,
                           count(*) FILTER (WHERE completions > 0) AS finished_readings,
                           count(*) FILTER (WHERE timings > 0) AS timed_learners,
                           sum(seconds) AS seconds
                      FROM readings
                     GROUP BY chapter_id
                ), known AS (
                    SELECT chapter_id, title, position
                      FROM chapters
                     WHERE knowledge_id = $1
                )
                SELECT chapter_id, known.title, views, completions, learners, readings, finished_readings,
                       timed_learners, seconds, coalesce(stops.stops, 0) AS stops
                  FROM figures
                  FULL JOIN known USING (chapter_id)
                  LEFT JOIN stops USING (chapter_id)
                 ORDER BY known.position NULLS LAST, chapter_id
                """, [knowledgeID])
            let chapters = try rows.map { row in
                ChapterEffectiveness(
                    chapterID: try row["chapter_id"], title: try row["title"], figures: try EngagementFigures(row),
                    stops: try row["stops"])
            }
            return EffectivenessReport(knowledgeID: knowledgeID, chapters: chapters)
        }
    }
}
