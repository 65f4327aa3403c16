import FoundationEssentials
import Postgres

/// Learning events in PostgreSQL: the raw event, its id, and its part in the roll-up, all in one statement, which is one
/// round trip and one commit.
struct LearningEventStore: LearningEventLog {
    /// How often a statement runs that meets a partition just being made.
    private static let attempts = 5

    let database: PostgresClient

    func record(_ events: [LearningEvent], by learner: UUID) async throws -> Int {
        guard !events.isEmpty else { return 0 }
        var attempt = 1
        while true {
            do {
                return try await insert(events, by: learner)
            } catch let error as PostgresError where error.isMovedPartition && attempt < Self.attempts {
                attempt += 1
            }
        }
    }

    /// Ids go in first and in order, so that two batches with the same ids wait for one another and never in a circle.
    /// `IS TRUE` keeps the planner from a nested loop over what it takes for ten rows.
    private func insert(_ events: [LearningEvent], by learner: UUID) async throws -> Int {
        let rows = try await database.query(
            """
            WITH sent AS (
                SELECT *
                  FROM unnest(
                           $2::uuid[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::float[],
                           $8::timestamptz[])
                    AS sent (id, type, knowledge_id, chapter_id, language, seconds, occurred_at)
            ), admitted AS (
                INSERT INTO event_ids (id)
                SELECT id
                  FROM sent
                 ORDER BY id
                    ON CONFLICT DO NOTHING
                RETURNING id
            ), new AS MATERIALIZED (
                SELECT *
                  FROM sent
                 WHERE (id IN (SELECT id FROM admitted)) IS TRUE
            ), kept AS (
                INSERT INTO learning_events (
                    id, learner_id, type, knowledge_id, chapter_id, language, seconds, occurred_at)
                SELECT id, $1::uuid, type, knowledge_id, chapter_id, language, seconds, occurred_at
                  FROM new
            ), rolled_up AS (
                INSERT INTO learner_days AS known (
                    knowledge_id, chapter_id, learner_id, day, views, completions, timings, seconds, last_viewed_at,
                    last_at)
                SELECT knowledge_id, chapter_id, $1::uuid, (occurred_at AT TIME ZONE 'UTC')::date AS day,
                       count(*) FILTER (WHERE type = 'view'),
                       count(*) FILTER (WHERE type = 'completion'),
                       count(*) FILTER (WHERE type = 'time_spent'),
                       coalesce(sum(seconds) FILTER (WHERE type = 'time_spent'), 0),
                       max(occurred_at) FILTER (WHERE type = 'view'),
                       max(occurred_at)
                  FROM new
                 GROUP BY knowledge_id, chapter_id, day
                 ORDER BY knowledge_id, chapter_id, day
                    ON CONFLICT (knowledge_id, chapter_id, learner_id, day) DO UPDATE
                   SET views = known.views + excluded.views,
                       completions = known.completions + excluded.completions,
                       timings = known.timings + excluded.timings,
                       seconds = known.seconds + excluded.seconds,
                       last_viewed_at = greatest(known.last_viewed_at, excluded.last_viewed_at),
                       last_at = greatest(known.last_at, excluded.last_at)
            ), changed AS (
                INSERT INTO engagement_changes (knowledge_id, chapter_id)
                SELECT DISTINCT knowledge_id, chapter_id
                  FROM new
            )
            SELECT count(*) AS accepted
              FROM admitted
            """,
            [
                learner, events.map(\.id), events.map(\.kind.rawValue), events.map(\.knowledgeID),
                events.map(\.chapterID), events.map(\.language?.description), events.map(\.seconds),
                events.map(\.occurredAt),
            ])
        return try rows[0]["accepted"]
    }
}

extension PostgresError {
    /// The row was on its way to the default partition when its month got one of its own.
    fileprivate var isMovedPartition: Bool {
        guard case .server(let error) = self else { return false }
        return error.sqlState == .checkViolation && error.constraint == nil
    }
}
