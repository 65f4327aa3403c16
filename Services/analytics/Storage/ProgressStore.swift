import FoundationEssentials
import Postgres

/// Learners' progress in PostgreSQL, from the roll-up `learner_days`.
struct ProgressStore: ProgressBook {
    let database: PostgresClient

    func progress(of learner: UUID, after: Int?, limit: Int) async throws -> [CourseProgress] {
        let rows = try await database.query(
            """
            WITH courses AS (
                SELECT DISTINCT days.knowledge_id
                  FROM learner_days AS days
                  LEFT JOIN knowledge ON knowledge.id = days.knowledge_id
                 WHERE days.learner_id = $1
                   AND days.knowledge_id > $2::bigint
                   AND knowledge.deleted_at IS NULL
                 ORDER BY days.knowledge_id
                 LIMIT $3
            ), known AS (
                SELECT knowledge_id, count(*) AS chapters
                  FROM courses
                  JOIN chapters USING (knowledge_id)
                 GROUP BY knowledge_id
            ), done AS (
                SELECT knowledge_id, chapter_id, sum(views) AS views, sum(completions) > 0 AS is_completed,
                       sum(seconds) AS seconds, max(last_at) AS last_at
                  FROM courses
                  JOIN learner_days USING (knowledge_id)
                 WHERE learner_id = $1
                 GROUP BY knowledge_id, chapter_id
            )
            SELECT done.knowledge_id, knowledge.title AS knowledge_title, coalesce(known.chapters, 0) AS known_chapters,
                   done.chapter_id, chapters.title, done.views, done.is_completed, done.seconds, done.last_at
              FROM done
              LEFT JOIN knowledge ON knowledge.id = done.knowledge_id
              LEFT JOIN known USING (knowledge_id)
              LEFT JOIN chapters USING (knowledge_id, chapter_id)
             ORDER BY done.knowledge_id, chapters.position NULLS LAST, done.chapter_id
            """, [learner, after ?? 0, limit])
        var courses: [CourseProgress] = []
        for row in rows {
            let knowledgeID: Int = try row["knowledge_id"]
            if courses.last?.knowledgeID != knowledgeID {
                courses.append(
                    CourseProgress(
                        knowledgeID: knowledgeID, title: try row["knowledge_title"], chapters: [],
                        knownChapters: try row["known_chapters"]))
            }
            courses[courses.count - 1].chapters.append(
                ChapterProgress(
                    chapterID: try row["chapter_id"], title: try row["title"], views: try row["views"],
                    isCompleted: try row["is_completed"], seconds: try row["seconds"], lastAt: try row["last_at"]))
        }
        return courses
    }

    func courseCount(of learner: UUID) async throws -> Int {
        let rows = try await database.query(
            """
            SELECT count(DISTINCT days.knowledge_id) AS courses
              FROM learner_days AS days
              LEFT JOIN knowledge ON knowledge.id = days.knowledge_id
             WHERE days.learner_id = $1
               AND knowledge.deleted_at IS NULL
            """, [learner])
        return try rows[0]["courses"]
    }
}
