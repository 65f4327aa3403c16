import FoundationEssentials
import Postgres

/// Engagement in PostgreSQL: whole days from the roll-up `learner_days`, parts of days from the events themselves.
struct EngagementStore: EngagementReports {
    let database: PostgresClient

    func engagement(of knowledgeID: Int, in range: TimeRange, byDay: Bool) async throws -> EngagementReport? {
        try await database.withTransaction(isolation: .repeatableRead, readOnly: true) { transaction in
            guard try await CourseLookup.isKnown(knowledgeID, transaction) else { return nil }
            let parameters = Self.parameters(knowledgeID, range)
            let rows = try await transaction.query(Self.activity + Self.byChapter, parameters)
            var report = EngagementReport(knowledgeID: knowledgeID, chapters: [], totals: EngagementFigures())
            for row in rows {
                let figures = try EngagementFigures(row)
                if try row["is_total"] {
                    report.totals = figures
                } else {
                    report.chapters.append(
                        ChapterEngagement(
                            chapterID: try row["chapter_id"], title: try row["title"], figures: figures))
                }
            }
            if byDay {
                report.series = try await transaction.query(Self.activity + Self.byDay, parameters).map { row in
                    DailyEngagement(start: try row["day"], figures: try EngagementFigures(row))
                }
            }
            return report
        }
    }

    private static func parameters(_ knowledgeID: Int, _ range: TimeRange) -> [any PostgresEncodable] {
        [
            knowledgeID, range.wholeDays.start, range.wholeDays.end, range.head.start, range.head.end,
            range.tail.start, range.tail.end,
        ]
    }

    /// What each learner did in each chapter on each day of the range; several rows for a day that is not whole.
    private static let activity: SQL = """
        WITH activity AS (
            SELECT chapter_id, learner_id, day, views, completions, timings, seconds
              FROM learner_days
             WHERE knowledge_id = $1
               AND day >= ($2::timestamptz AT TIME ZONE 'UTC')::date
               AND day < ($3::timestamptz AT TIME ZONE 'UTC')::date
             UNION ALL
            SELECT chapter_id, learner_id, (occurred_at AT TIME ZONE 'UTC')::date, (type = 'view')::integer,
                   (type = 'completion')::integer, (type = 'time_spent')::integer,
                   CASE WHEN type = 'time_spent' THEN seconds ELSE 0 END
              FROM learning_events
             WHERE knowledge_id = $1
               AND (occurred_at >= $4::timestamptz AND occurred_at < $5::timestamptz
                    OR occurred_at >= $6::timestamptz AND occurred_at < $7::timestamptz)
        )
        """

    private static let byChapter: SQL = """
        , readings AS (
            SELECT chapter_id, learner_id, sum(views) AS views, sum(completions) AS completions,
                   sum(timings) AS timings, sum(seconds) AS seconds
              FROM activity
             GROUP BY chapter_id, learner_id
        ), figures AS (
            SELECT chapter_id, grouping(chapter_id) = 1 AS is_total,
                   sum(views) AS views, sum(completions) AS completions,
                   count(DISTINCT learner_id) AS learners,
                   count(*) FILTER (WHERE views > 0 OR completions > 0) AS readings,
                   count(*) FILTER (WHERE completions > 0) AS finished_readings,
                   count(DISTINCT learner_id) FILTER (WHERE timings > 0) AS timed_learners,
                   sum(seconds) AS seconds
              FROM readings
             GROUP BY GROUPING SETS ((chapter_id), ())
        ), known AS (
            SELECT chapter_id, title, position
              FROM chapters
             WHERE knowledge_id = $1
        )
        SELECT chapter_id, known.title, coalesce(is_total, false) AS is_total, views, completions, learners, readings,
               finished_readings, timed_learners, seconds
          FROM figures
          FULL JOIN known USING (chapter_id)
         ORDER BY known.position NULLS LAST, chapter_id
        """

    private static let byDay: SQL = """
        , readings AS (
            SELECT day, chapter_id, learner_id, sum(views) AS views, sum(completions) AS completions,
                   sum(timings) AS timings, sum(seconds) AS seconds
              FROM activity
             GROUP BY day, chapter_id, learner_id
        )
        SELECT day, sum(views) AS views, sum(completions) AS completions,
               count(DISTINCT learner_id) AS learners,
               count(*) FILTER (WHERE views > 0 OR completions > 0) AS readings,
               count(*) FILTER (WHERE completions > 0) AS finished_readings,
               count(DISTINCT learner_id) FILTER (WHERE timings > 0) AS timed_learners,
               sum(seconds) AS seconds
          FROM readings
         GROUP BY day
         ORDER BY day
        """
}
