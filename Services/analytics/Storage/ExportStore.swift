import Postgres

/// Exports by `COPY … TO STDOUT`: the server makes the text, nothing is gathered here.
struct ExportStore: Exports {
    let database: PostgresClient

    func prepare(_ table: ExportTable) async throws {
        try await database.query(table.rows + " LIMIT 0")
    }

    func export(
        _ table: ExportTable, as format: ExportFormat, to write: (_ chunk: [UInt8]) async throws -> Void
    ) async throws {
        let sql: SQL =
            switch format {
            case .csv:
                "COPY (" + table.rows + ") TO STDOUT WITH (FORMAT csv, HEADER)"
            case .ndjson:
                // JSON has no raw control characters, so nothing is quoted or escaped.
                "COPY (SELECT row_to_json(line) FROM (" + table.rows
                    + ") AS line) TO STDOUT WITH (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')"
            }
        for try await chunk in database.copyOut(sql) {
            try await write(chunk)
        }
    }
}

extension ExportTable {
    /// With times as UTC that say so.
    fileprivate var rows: SQL {
        switch self {
        case .learningEvents:
            """
            SELECT id, learner_id, type, knowledge_id, chapter_id, language, seconds, occurred_at, received_at
              FROM learning_events
            """
        case .contentAnalytics:
            """
            SELECT id, knowledge_id, content_type, language, generation_time, success, error_message,
                   created_at AT TIME ZONE 'UTC' AS created_at
              FROM content_analytics
            """
        case .engagementMetrics:
            """
            SELECT id, knowledge_id, chapter_id, views, completions, avg_time_spent,
                   created_at AT TIME ZONE 'UTC' AS created_at
              FROM engagement_metrics
            """
        case .performanceStats:
            """
            SELECT id, service, operation_type, duration, success, error_count,
                   timestamp AT TIME ZONE 'UTC' AS timestamp
              FROM performance_stats
            """
        case .knowledge:
            """
            SELECT id, title, default_language, created_at, deleted_at
              FROM knowledge
            """
        case .chapters:
            """
            SELECT knowledge_id, chapter_id, title, position
              FROM chapters
            """
        }
    }
}
