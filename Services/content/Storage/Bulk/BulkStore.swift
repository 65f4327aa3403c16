import Postgres
import ServiceKit
import WireProtocol

/// Puts batches of content items in place: COPY into a staging table of the connection, then one merge.
struct BulkStore: Sendable {
    static let timeout: Duration = .seconds(120)

    let database: PostgresClient
    let outbox: Outbox

    var ledger: BulkLedger { BulkLedger(database: database) }

    /// All of the batch in one transaction, but for the lines that name no chapter or an impossible transition.
    ///
    /// - Parameters:
    ///   - report: what came of the load before this batch.
    ///   - note: goes into the ledger in the same transaction.
    func merge(
        _ batch: BulkBatch, by author: Identifier, after report: BulkReport = BulkReport(), noting note: BulkNote? = nil
    ) async throws -> BulkOutcome {
        let text = batch.copyText()
        return try await database.withTransaction(retries: 5) { transaction in
            try await stage(text, in: transaction)
            try await lock(in: transaction)
            try await sanitise(in: transaction)
            let refused = try await refusedLines(in: transaction)
            let (inserted, updated) = try await save(by: author, in: transaction)
            let outcome = BulkOutcome(
                inserted: inserted, updated: updated + batch.overtaken.other,
                unchanged: batch.count - inserted - updated - refused.count + batch.overtaken.same, refused: refused)
            if let note {
                var report = report
                try report.add(outcome)
                try await BulkLedger.note(note.progress(report), of: note.load, after: note.after, in: transaction)
            }
            return outcome
        }
    }

    /// Notes for analytics that a load ended, and for whoever sends it again what came of it.
    func finish(_ report: BulkReport, noting note: BulkNote?, after duration: Duration) async throws {
        let operation = OperationCompleted(
            service: ContentService.name, operationType: "content.bulk", duration: duration.milliseconds,
            success: true, errorCount: report.failed.count)
        try await database.withTransaction { transaction in
            try await outbox.append([Event(.operationCompleted(operation))], in: transaction)
            guard let note else { return }
            try await BulkLedger.note(note.progress(report), of: note.load, after: note.after, in: transaction)
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
                publish_at    timestamptz,
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

    /// Lines that leave the format out keep that of the item, which shows only here.
    private func sanitise(in transaction: PostgresTransaction) async throws {
        let rows = try await transaction.query(
            """
            SELECT l.line, l.body
              FROM bulk_lines l
              JOIN edtech_content c USING (knowledge_id, chapter_id, language, content_type)
             WHERE l.format IS NULL
               AND c.format = 'html'
            """, timeout: Self.timeout)
        guard !rows.isEmpty else { return }
        let lines: [Int] = try rows.map { try $0["line"] }
        let bodies = try rows.map { HTMLSanitiser.sanitised(try $0["body"]) }
        try await transaction.query(
            """
            UPDATE bulk_lines l
               SET body = s.body
              FROM unnest($1::integer[], $2::text[]) AS s (line, body)
             WHERE l.line = s.line
            """, [lines, bodies], timeout: Self.timeout)
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
              WITH changed AS (
                       UPDATE edtech_content AS c
                          SET title = l.title, body = l.body, format = coalesce(l.format, c.format),
                              metadata = coalesce(l.metadata, c.metadata), status = coalesce(l.status, c.status),
                              publish_at = CASE WHEN coalesce(l.status, c.status) = 'draft'
                                                THEN coalesce(l.publish_at, c.publish_at) END,
                              version = c.version + 1, updated_by = $1, updated_at = now()
                         FROM bulk_lines l
                        WHERE (c.knowledge_id, c.chapter_id, c.language, c.content_type)
                              = (l.knowledge_id, l.chapter_id, l.language, l.content_type)
                          AND (l.title, l.body, coalesce(l.format, c.format), coalesce(l.metadata, c.metadata),
                               coalesce(l.status, c.status), coalesce(l.publish_at, c.publish_at))
                              IS DISTINCT FROM (c.title, c.body, c.format, c.metadata, c.status, c.publish_at)
                       RETURNING c.id, c.knowledge_id, c.chapter_id, c.language, c.content_type, c.status, c.version),
                   added AS (
                       INSERT INTO edtech_content AS c (
                              knowledge_id, chapter_id, language, content_type, title, body, format, metadata, status,
                              publish_at, created_by, updated_by)
                       SELECT l.knowledge_id, l.chapter_id, l.language, l.content_type, l.title, l.body,
                              coalesce(l.format, 'markdown'), coalesce(l.metadata, '{}'), coalesce(l.status, 'draft'),
                              l.publish_at, $1, $1
                         FROM bulk_lines l
                        WHERE NOT EXISTS (
                                  SELECT
                                    FROM edtech_content old
                                   WHERE (old.knowledge_id, old.chapter_id, old.language, old.content_type)
                                         = (l.knowledge_id, l.chapter_id, l.language, l.content_type))
                        ORDER BY l.line
                           ON CONFLICT ON CONSTRAINT edtech_content_key DO UPDATE
                          SET title = excluded.title, body = excluded.body, format = excluded.format,
                              metadata = excluded.metadata, status = excluded.status,
                              publish_at = excluded.publish_at, version = c.version + 1,
                              updated_by = excluded.updated_by, updated_at = now()
                       RETURNING id, knowledge_id, chapter_id, language, content_type, status, version),
                   saved AS (SELECT * FROM changed UNION ALL SELECT * FROM added),
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
