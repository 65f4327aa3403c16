import Postgres

/// Brings `engagement_metrics` up to date with the events. Reports don't read it: it is for whoever looks into the
/// database, and for the export.
struct EngagementRollup: Sendable {
    let database: PostgresClient

    /// Counts the chapters anew that changed. What is about a course that content has not told of yet stays for later.
    func refresh() async throws {
        try await database.withTransaction { transaction in
            try await CourseLock.take(in: transaction)
            try await transaction.query(
                """
                WITH taken AS (
                    DELETE FROM engagement_changes
                    RETURNING knowledge_id, chapter_id
                )
                INSERT INTO engagement_backlog (knowledge_id, chapter_id)
                SELECT DISTINCT knowledge_id, chapter_id
                  FROM taken
                    ON CONFLICT DO NOTHING
                """)
            // Whoever wrote the changes has committed, so that this later statement sees all of their events.
            try await transaction.query(
                """
                WITH due AS (
                    DELETE FROM engagement_backlog
                     USING knowledge
                     WHERE knowledge.id = engagement_backlog.knowledge_id
                    RETURNING engagement_backlog.knowledge_id, engagement_backlog.chapter_id, knowledge.deleted_at
                )
                INSERT INTO engagement_metrics AS known (
                    knowledge_id, chapter_id, views, completions, avg_time_spent, created_at)
                SELECT due.knowledge_id, due.chapter_id, sum(days.views), sum(days.completions),
                       sum(days.seconds) / nullif(count(DISTINCT days.learner_id) FILTER (WHERE days.timings > 0), 0),
                       now() AT TIME ZONE 'UTC'
                  FROM due
                  JOIN learner_days AS days USING (knowledge_id, chapter_id)
                 WHERE due.deleted_at IS NULL
                 GROUP BY due.knowledge_id, due.chapter_id
                    ON CONFLICT ON CONSTRAINT engagement_metrics_chapter DO UPDATE
                   SET views = excluded.views,
                       completions = excluded.completions,
                       avg_time_spent = excluded.avg_time_spent
                """)
        }
    }
}
