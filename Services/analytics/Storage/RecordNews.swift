import Postgres
import WireProtocol

/// What services tell of work that ended: records, kept under the time when it did. Texts that are too long for their
/// columns are cut: a record must not keep those behind it waiting.
struct RecordNews {
    let transaction: PostgresTransaction

    func append(generations events: [Event]) async throws {
        let news = events.compactMap(\.payload.contentGenerated)
        try await transaction.addPlaceholders(for: news.map(\.knowledgeID))
        try await transaction.query(
            """
            INSERT INTO content_analytics (
                knowledge_id, content_type, language, generation_time, success, error_message, created_at)
            SELECT news.knowledge_id, left(news.content_type, 50), news.language, news.generation_time, news.success,
                   news.error_message, news.occurred_at AT TIME ZONE 'UTC'
              FROM unnest(
                       $1::integer[], $2::text[], $3::text[], $4::float[], $5::boolean[], $6::text[],
                       $7::timestamptz[])
                AS news (knowledge_id, content_type, language, generation_time, success, error_message, occurred_at)
              JOIN knowledge ON knowledge.id = news.knowledge_id
             WHERE knowledge.deleted_at IS NULL
            """,
            [
                news.map(\.knowledgeID), news.map(\.contentType), news.map(\.language.description),
                news.map(\.generationTime), news.map(\.success), news.map(\.errorMessage), events.map(\.occurredAt),
            ])
    }

    func append(operations events: [Event]) async throws {
        let news = events.compactMap(\.payload.operationCompleted)
        try await transaction.query(
            """
            INSERT INTO performance_stats (service, operation_type, duration, success, error_count, timestamp)
            SELECT left(service, 50), left(operation_type, 50), duration, success, error_count,
                   occurred_at AT TIME ZONE 'UTC'
              FROM unnest($1::text[], $2::text[], $3::float[], $4::boolean[], $5::integer[], $6::timestamptz[])
                AS news (service, operation_type, duration, success, error_count, occurred_at)
            """,
            [
                news.map(\.service), news.map(\.operationType), news.map(\.duration), news.map(\.success),
                news.map(\.errorCount), events.map(\.occurredAt),
            ])
    }
}
