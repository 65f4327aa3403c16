import Postgres
import ServiceKit
import WireProtocol

/// Puts batches of content items in place: COPY into a staging table of the connection, then one merge.
struct BulkStore: Sendable {
    static let timeout: Duration = .seconds(120)

    let database: PostgresClient
    let outbox: Outbox

    /// What came of a batch.
    struct Outcome: Sendable {
        var inserted = 0
        var updated = 0
        var unchanged = 0
        var refused: [BulkFailure] = []
    }

    /// All of the batch in one transaction, but for the lines that name no chapter or an impossible transition.
    func merge(_ batch: BulkBatch, by author: Identifier) async throws -> Outcome {
        let text = batch.copyText()
        var outcome = try await database.withTransaction(retries: 5) { transaction in
            try await stage(text, in: transaction)
            try await lock(in: transaction)
            let refused = try await refusedLines(in: transaction)
            let (inserted, updated) = try await save(by: author, in: transaction)
            return Outcome(
                inserted: inserted, updated: updated, unchanged: batch.count - inserted - updated - refused.count,
                refused: refused)
        }
        outcome.updated += batch.overtaken.other
        outcome.unchanged += batch.overtaken.same
        return outcome
    }

    /// Notes for analytics that a load ended.
    func finish(after duration: Duration, refusedLines: Int) async throws {
        let operation = OperationCompleted(
            service: ContentService.name, operationType: "content.bulk", duration: duration.milliseconds,
            success: true, errorCount: refusedLines)
        try await database.withTransaction { transaction in
            try await outbox.append([Event(.operationCompleted(operation))], in: transaction)
        }
    }

    private func stage(_ text: [UInt8], in transaction: PostgresTransaction) async throws {
        try await transaction.query(
            """
            CREATE TEMPORARY TABLE IF NOT EXISTS bulk_lines (
                knowledge_id  integer NOT NULL,
                chapter_id    text    NOT NULL COLLATE "C",
                language      text    NOT NULL COLLATE "C",
                content_type  text    NOT NULL COLLATE "C",
                title         text    NOT NULL,
                body          text    NOT NULL,
                format        text    COLLATE "C",
                metadata      jsonb,
                status        text    COLLATE "C",
                line          integer NOT NULL
            ) ON COMMIT DELETE ROWS
            """)
        try await transaction.copyIn(
            "COPY bulk_lines FROM STDIN",
            from: AsyncStream {
                $0.yield(text); $0.finish()
            })
        try await transaction.query("ANALYZE bulk_lines")
    }

    /// Chapters must not go, and items not change, before the merge has ended. In a fixed order, so that two loads
    /// wait for each other instead of locking each other out.
    private func lock(in transaction: PostgresTransaction) async throws {
        try await transaction.query(
            """
              WITH held AS MATERIALIZED (
                       SELECT 1
                         FROM chapters
                        WHERE (knowledge_id, chapter_id) IN (SELECT knowledge_id, chapter_id FROM bulk_lines)
                        ORDER BY knowledge_id, chapter_id
                          FOR KEY SHARE)
            SELECT count(*) FROM held
            """, timeout: Self.timeout)
        try await transaction.query(
            """
              WITH held AS MATERIALIZED (
                       SELECT 1
                         FROM edtech_content c
                         JOIN bulk_lines USING (knowledge_id, chapter_id, language, content_type)
                        ORDER BY c.id
                          FOR NO KEY UPDATE OF c)
            SELECT count(*) FROM held
            """, timeout: Self.timeout)
    }

    /// Takes the lines that can't be merged out of the staging table.
    private func refusedLines(in transaction: PostgresTransaction) async throws -> [BulkFailure] {
        let rows = try await transaction.query(
            """
            DELETE FROM bulk_lines b
             USING bulk_lines l
              LEFT JOIN knowledge k ON k.id = l.knowledge_id
              LEFT JOIN chapters h ON (h.knowledge_id, h.chapter_id) = (l.knowledge_id, l.chapter_id)
              LEFT JOIN edtech_content c
                     ON (c.knowledge_id, c.chapter_id, c.language, c.content_type)
                        = (l.knowledge_id, l.chapter_id, l.language, l.content_type)
             WHERE b.ctid = l.ctid
               AND (h.chapter_id IS NULL
                    OR (c.status <> l.status AND c.status || '>' || l.status <> ALL ($1::text[])))
            RETURNING b.line, k.id IS NOT NULL AS has_knowledge, h.chapter_id IS NOT NULL AS has_chapter,
                      c.status, b.status AS wanted
            """, [ContentStatus.transitions], timeout: Self.timeout)
        return try rows.map(BulkFailure.init).sorted { $0.line < $1.line }
    }

    private func save(
        by author: Identifier, in transaction: PostgresTransaction
    ) async throws -> (inserted: Int, updated: Int) {
        let rows = try await transaction.query(
            """
              WITH saved AS (
                       INSERT INTO edtech_content AS c (
                              knowledge_id, chapter_id, language, content_type, title, body, format, metadata, status,
                              created_by, updated_by)
                       SELECT l.knowledge_id, l.chapter_id, l.language, l.content_type, l.title, l.body,
                              coalesce(l.format, old.format, 'markdown'), coalesce(l.metadata, old.metadata, '{}'),
                              coalesce(l.status, old.status, 'draft'), $1, $1
                         FROM bulk_lines l
                         LEFT JOIN edtech_content old
                                ON (old.knowledge_id, old.chapter_id, old.language, old.content_type)
                                   = (l.knowledge_id, l.chapter_id, l.language, l.content_type)
                        WHERE old.id IS NULL
                           OR (l.title, l.body, coalesce(l.format, old.format), coalesce(l.metadata, old.metadata),
                               coalesce(l.status, old.status))
                              IS DISTINCT FROM (old.title, old.body, old.format, old.metadata, old.status)
                        ORDER BY l.line
                           ON CONFLICT ON CONSTRAINT edtech_content_key DO UPDATE
                          SET title = excluded.title, body = excluded.body, format = excluded.format,
                              metadata = excluded.metadata, status = excluded.status, version = c.version + 1,
                              updated_by = excluded.updated_by, updated_at = now()
                       RETURNING id, knowledge_id, chapter_id, language, content_type, status, version),
                   told AS (
                       INSERT INTO outbox (target, event)
                       SELECT target,
                              jsonb_build_object(
                                  'id', gen_random_uuid(), 'type', 'content.saved', 'occurred_at',
                                  to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data',
                                  jsonb_build_object(
                                      'id', id, 'knowledge_id', knowledge_id, 'chapter_id', chapter_id, 'language',
                                      language, 'content_type', content_type, 'status', status))
                         FROM saved, unnest($2::text[]) AS target
                        ORDER BY id)
            SELECT count(*) FILTER (WHERE version = 1) AS inserted, count(*) FILTER (WHERE version > 1) AS updated
              FROM saved
            """, [author.rawValue, outbox.targets], timeout: Self.timeout)
        guard let row = rows.only else { return (0, 0) }
        return (try row["inserted"], try row["updated"])
    }
}

extension ContentStatus {
    /// All that are allowed, as `draft>published`.
    fileprivate static var transitions: [String] {
        allCases.flatMap { from in from.successors.map { "\(from.rawValue)>\($0.rawValue)" } }
    }
}

extension BulkFailure {
    fileprivate init(_ row: PostgresRow) throws {
        let error: FieldError
        if try !row["has_knowledge"] {
            error = FieldError(field: "knowledge_id", message: "names no knowledge item")
        } else if try !row["has_chapter"] {
            error = FieldError(field: "chapter_id", message: "names no chapter of this knowledge item")
        } else {
            let status: ContentStatus? = try row["status"]
            let wanted: ContentStatus? = try row["wanted"]
            error = FieldError(
                field: "status",
                message: "can't become \(wanted?.rawValue ?? "") from \(status?.rawValue ?? "")")
        }
        self.init(line: try row["line"], errors: [error])
    }
}
