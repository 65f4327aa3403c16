import Postgres

/// Operations in PostgreSQL, in `performance_stats`.
struct PerformanceStore: PerformanceReports {
    let database: PostgresClient

    func performance(_ question: PerformanceQuestion) async throws -> PerformanceReport {
        try await database.withTransaction(isolation: .repeatableRead, readOnly: true) { transaction in
            var report = PerformanceReport(operations: try await Self.operations(question, transaction))
            if let interval = question.interval {
                report.series = try await Self.series(question, interval, transaction)
            }
            return report
        }
    }

    private static func operations(
        _ question: PerformanceQuestion, _ transaction: PostgresTransaction
    ) async throws -> [OperationFigures] {
        let rows = try await transaction.query(
            """
            SELECT service, operation_type, count(*) AS count, count(*) FILTER (WHERE success IS NOT TRUE) AS failed,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY duration) AS p50,
                   percentile_cont(0.95) WITHIN GROUP (ORDER BY duration) AS p95,
                   percentile_cont(0.99) WITHIN GROUP (ORDER BY duration) AS p99
              FROM performance_stats
             WHERE timestamp >= $1::timestamptz AT TIME ZONE 'UTC'
               AND timestamp < $2::timestamptz AT TIME ZONE 'UTC'
               AND ($3::text IS NULL OR service = $3)
               AND ($4::text IS NULL OR operation_type = $4)
               AND operation_type IS NOT NULL
               AND duration IS NOT NULL
             GROUP BY service, operation_type
             ORDER BY service, operation_type
            """, [question.range.start, question.range.end, question.service, question.operationType])
        return try rows.map(OperationFigures.init)
    }

    private static func series(
        _ question: PerformanceQuestion, _ interval: SeriesInterval, _ transaction: PostgresTransaction
    ) async throws -> [OperationSeriesPoint] {
        let rows = try await transaction.query(
            """
            SELECT date_trunc($5, timestamp) AS start, service, operation_type, count(*) AS count,
                   count(*) FILTER (WHERE success IS NOT TRUE) AS failed,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY duration) AS p50,
                   percentile_cont(0.95) WITHIN GROUP (ORDER BY duration) AS p95,
                   percentile_cont(0.99) WITHIN GROUP (ORDER BY duration) AS p99
              FROM performance_stats
             WHERE timestamp >= $1::timestamptz AT TIME ZONE 'UTC'
               AND timestamp < $2::timestamptz AT TIME ZONE 'UTC'
               AND ($3::text IS NULL OR service = $3)
               AND ($4::text IS NULL OR operation_type = $4)
               AND operation_type IS NOT NULL
               AND duration IS NOT NULL
             GROUP BY start, service, operation_type
             ORDER BY start, service, operation_type
             LIMIT $6
            """,
            [
                question.range.start, question.range.end, question.service, question.operationType, interval.rawValue,
                SeriesInterval.pointLimit + 1,
            ])
        guard rows.count <= SeriesInterval.pointLimit else { throw AnalyticsError.seriesTooLong }
        return try rows.map { row in
            OperationSeriesPoint(start: try row["start"], figures: try OperationFigures(row))
        }
    }
}

extension OperationFigures {
    fileprivate init(_ row: PostgresRow) throws {
        self.init(
            service: try row["service"], operationType: try row["operation_type"], count: try row["count"],
            failed: try row["failed"], p50: try row["p50"], p95: try row["p95"], p99: try row["p99"])
    }
}
