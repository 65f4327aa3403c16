import FoundationEssentials
import Postgres

/// Generation records in PostgreSQL, in `content_analytics`.
struct GenerationStore: GenerationLog {
    let database: PostgresClient

    func append(_ record: GenerationRecord) async throws -> StoredGeneration {
        let rows = try await database.query(
            """
            WITH placeholder AS (
                INSERT INTO knowledge (id)
                VALUES ($1)
                    ON CONFLICT DO NOTHING
            )
            INSERT INTO content_analytics (
                knowledge_id, content_type, language, generation_time, success, error_message, created_at)
            SELECT $1, $2, $3, $4::float, $5::boolean, $6, now() AT TIME ZONE 'UTC'
             WHERE NOT EXISTS (SELECT FROM knowledge WHERE id = $1 AND deleted_at IS NOT NULL)
            RETURNING id, created_at
            """,
            [
                record.knowledgeID, record.contentType, record.language.description, record.generationTime,
                record.success, record.errorMessage,
            ])
        guard let row = rows.only else { throw AnalyticsError.knowledgeDeleted }
        return StoredGeneration(id: try row["id"], record: record, createdAt: try row["created_at"])
    }

    func report(on knowledgeID: Int, in range: TimeRange) async throws -> GenerationReport? {
        try await database.withTransaction(isolation: .repeatableRead, readOnly: true) { transaction in
            guard try await CourseLookup.isKnown(knowledgeID, transaction) else { return nil }
            var report = GenerationReport(
                knowledgeID: knowledgeID, totals: GenerationFigures(), byContentType: [], byLanguage: [],
                failures: try await Self.failures(knowledgeID, range, transaction))
            for (level, group) in try await Self.groups(knowledgeID, range, transaction) {
                switch level {
                case .contentType: report.byContentType.append(group)
                case .language: report.byLanguage.append(group)
                case .total: report.totals = group.figures
                }
            }
            return report
        }
    }

    /// What `grouping(content_type, language)` gives: a bit for each column that is summed over.
    private enum Level: Int {
        case contentType = 1
        case language = 2
        case total = 3
    }

    private static func groups(
        _ knowledgeID: Int, _ range: TimeRange, _ transaction: PostgresTransaction
    ) async throws -> [(Level, GenerationReport.Group)] {
        let rows = try await transaction.query(
            """
            SELECT grouping(content_type, language) AS level, coalesce(content_type, language, '') AS key,
                   count(*) AS count, count(*) FILTER (WHERE success) AS succeeded,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY generation_time) AS median,
                   percentile_cont(0.95) WITHIN GROUP (ORDER BY generation_time) AS p95,
                   avg(generation_time) AS mean
              FROM content_analytics
             WHERE knowledge_id = $1
               AND created_at >= $2::timestamptz AT TIME ZONE 'UTC'
               AND created_at < $3::timestamptz AT TIME ZONE 'UTC'
             GROUP BY GROUPING SETS ((content_type), (language), ())
             ORDER BY key
            """, [knowledgeID, range.start, range.end])
        return try rows.compactMap { row in
            let figures = GenerationFigures(
                count: try row["count"], succeeded: try row["succeeded"], median: try row["median"],
                p95: try row["p95"], mean: try row["mean"])
            return try Level(rawValue: row["level"]).map { ($0, .init(key: try row["key"], figures: figures)) }
        }
    }

    private static func failures(
        _ knowledgeID: Int, _ range: TimeRange, _ transaction: PostgresTransaction
    ) async throws -> [GenerationFailure] {
        let rows = try await transaction.query(
            """
            SELECT error_message, count(*) AS count, max(created_at) AS last_at
              FROM content_analytics
             WHERE knowledge_id = $1
               AND success IS NOT TRUE
               AND created_at >= $2::timestamptz AT TIME ZONE 'UTC'
               AND created_at < $3::timestamptz AT TIME ZONE 'UTC'
             GROUP BY error_message
             ORDER BY count DESC, error_message NULLS LAST
             LIMIT $4
            """, [knowledgeID, range.start, range.end, GenerationReport.failureLimit])
        return try rows.map { row in
            GenerationFailure(message: try row["error_message"], count: try row["count"], lastAt: try row["last_at"])
        }
    }
}
