import Postgres
import ServiceKit
import WireProtocol

/// The merge of one batch in a transaction. Each line's place is looked up once; the statements that follow find the item
/// by its id, and those that have nothing to do are left out.
struct BulkMerge {
    private static let timeout: Duration = .seconds(120)

    let transaction: PostgresTransaction
    let author: Identifier
    /// Who is told of changes.
    let targets: [String]

    /// - Parameters:
    ///   - text: rows of the staging table, in COPY's text format.
    ///   - lines: how many they are.
    func run(_ text: [UInt8], lines: Int) async throws -> BulkOutcome {
        var outcome = BulkOutcome()
        try await stage(text)
        if try await !holdChapters() { outcome.refused += try await refuseLinesWithoutChapter() }
        let known = try await match()
        let new = lines - outcome.refused.count - known
        if known > 0 {
            let impossible = try await refuseImpossible() + sanitise()
            outcome.updated = try await update()
            outcome.unchanged = known - impossible.count - outcome.updated
            outcome.refused += impossible
        }
        if new > 0 { outcome.inserted = try await insert() }
        outcome.refused.sort { $0.line < $1.line }
        return outcome
    }

    /// Plans are kept by the connection; one that was made while a table was small must not read all of it when it has
    /// grown. So all go by index.
    private func stage(_ text: [UInt8]) async throws {
        try await transaction.query(
            "SELECT set_config('enable_seqscan', 'off', true)")
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
                unschedules   boolean NOT NULL,
                line          integer NOT NULL
            ) ON COMMIT DELETE ROWS
            """)
        try await transaction.query(
            """
            CREATE TEMPORARY TABLE IF NOT EXISTS bulk_matches (
                line        integer PRIMARY KEY,
                id          bigint  NOT NULL,
                format      text    NOT NULL COLLATE "C",
                status      text    NOT NULL COLLATE "C",
                publish_at  timestamptz
            ) ON COMMIT DELETE ROWS
            """)
        try await transaction.copyIn(
            "COPY bulk_lines FROM STDIN",
            from: AsyncStream {
                $0.yield(text); $0.finish()
            })
    }

    /// Keeps the batch's chapters from going before the merge has ended. In a fixed order, so that two loads wait for each
    /// other instead of locking each other out.
    ///
    /// - Returns: whether all are there.
    private func holdChapters() async throws -> Bool {
        let rows = try await transaction.query(
            """
              WITH wanted AS MATERIALIZED (
                       SELECT DISTINCT knowledge_id, chapter_id
                         FROM bulk_lines
                        ORDER BY knowledge_id, chapter_id),
                   held AS MATERIALIZED (
                       SELECT
                         FROM wanted w
                        CROSS JOIN LATERAL (
                                  SELECT
                                    FROM chapters h
                                   WHERE (h.knowledge_id, h.chapter_id) = (w.knowledge_id, w.chapter_id)
                                   LIMIT 1
                                     FOR KEY SHARE) AS h)
            SELECT (SELECT count(*) FROM wanted) = (SELECT count(*) FROM held) AS are_all_there
            """, timeout: Self.timeout)
        return try rows.only?["are_all_there"] ?? false
    }

    /// Takes the lines that name no chapter out of the staging table.
    private func refuseLinesWithoutChapter() async throws -> [BulkFailure] {
        let rows = try await transaction.query(
            """
            DELETE FROM bulk_lines l
             WHERE NOT EXISTS (
                       SELECT
                         FROM chapters h
                        WHERE (h.knowledge_id, h.chapter_id) = (l.knowledge_id, l.chapter_id))
            RETURNING line, EXISTS (SELECT FROM knowledge k WHERE k.id = l.knowledge_id) AS has_knowledge
            """, timeout: Self.timeout)
        return try rows.map { row in
            let error: FieldError =
                if try row["has_knowledge"] {
                    FieldError(field: "chapter_id", message: "names no chapter of this knowledge item")
                } else {
                    FieldError(field: "knowledge_id", message: "names no knowledge item")
                }
            return BulkFailure(line: try row["line"], errors: [error])
        }
    }

    /// Finds the items that are there already, as they are for readers, and keeps others from changing them, in a fixed
    /// order too.
    ///
    /// - Returns: of how many lines.
    private func match() async throws -> Int {
        try await transaction.query(
            """
            INSERT INTO bulk_matches (line, id, format, status, publish_at)
            SELECT l.line, c.id, c.format,
            """ + ContentItem.status + ", CASE WHEN NOT " + ContentItem.isDue + """
                 THEN c.publish_at END
                  FROM (SELECT line, knowledge_id, chapter_id, language, content_type
                          FROM bulk_lines
                         ORDER BY knowledge_id, chapter_id, language, content_type) AS l
                 CROSS JOIN LATERAL (
                           SELECT id, format, status, publish_at
                             FROM edtech_content c
                            WHERE (c.knowledge_id, c.chapter_id, c.language, c.content_type)
                                  = (l.knowledge_id, l.chapter_id, l.language, l.content_type)
                            LIMIT 1
                              FOR NO KEY UPDATE) AS c
                """, timeout: Self.timeout
        ).affectedRows
    }

    /// Takes the lines that ask for an impossible transition, or would schedule what is no draft, out of the staging table.
    private func refuseImpossible() async throws -> [BulkFailure] {
        let rows = try await transaction.query(
            """
            DELETE FROM bulk_lines l
             USING bulk_matches m
             WHERE m.line = l.line
               AND (m.status || '>' || l.status <> ALL ($1::text[])
                    OR (l.status IS NULL AND l.publish_at IS NOT NULL AND m.status <> 'draft'))
            RETURNING l.line, m.status, l.status AS wanted
            """, [ContentStatus.transitions], timeout: Self.timeout)
        return try rows.map { row in
            let (status, wanted): (ContentStatus, ContentStatus?) = (try row["status"], try row["wanted"])
            let error =
                if let wanted {
                    FieldError(field: "status", message: "can't become \(wanted.rawValue) from \(status.rawValue)")
                } else {
                    FieldError(
                        field: "publish_at", message: "goes with status draft only, and it is \(status.rawValue)")
                }
            return BulkFailure(line: try row["line"], errors: [error])
        }
    }

    /// Lines that leave the format out keep that of the item, which shows only here. Takes those out of the staging table
    /// that become too long by it.
    private func sanitise() async throws -> [BulkFailure] {
        let rows = try await transaction.query(
            """
            SELECT l.line, l.body
              FROM bulk_lines l
              JOIN bulk_matches m USING (line)
             WHERE l.format IS NULL
               AND m.format = 'html'
            """, timeout: Self.timeout)
        guard !rows.isEmpty else { return [] }
        let lines: [Int] = try rows.map { try $0["line"] }
        let bodies = try rows.map { HTMLSanitiser.sanitised(try $0["body"]) }
        let failures = zip(lines, bodies).compactMap { line, body in
            ContentFields.fault(inKept: body).map { BulkFailure(line: line, errors: [$0]) }
        }
        try await transaction.query(
            """
            UPDATE bulk_lines l
               SET body = s.body
              FROM unnest($1::integer[], $2::text[]) AS s (line, body)
             WHERE l.line = s.line
            """, [lines, bodies], timeout: Self.timeout)
        if !failures.isEmpty {
            try await transaction.query(
                "DELETE FROM bulk_lines WHERE line = ANY ($1::integer[])", [failures.map(\.line)], timeout: Self.timeout
            )
        }
        return failures
    }

    /// - Returns: how many differed.
    private func update() async throws -> Int {
        let rows = try await transaction.query(
            """
              WITH saved AS (
                       UPDATE edtech_content AS c
                          SET title = l.title, body = l.body, format = coalesce(l.format, c.format),
                              metadata = coalesce(l.metadata, c.metadata), status = n.status,
                              publish_at = n.publish_at, version = c.version + 1, updated_by = $1, updated_at =
            """ + ContentItem.timeOfChange + """

                             FROM bulk_matches m
                             JOIN bulk_lines l USING (line)
                            CROSS JOIN LATERAL (
                                      SELECT coalesce(l.status, m.status) AS status,
                                             CASE WHEN coalesce(l.status, m.status) = 'draft' AND NOT l.unschedules
                                                  THEN coalesce(l.publish_at, m.publish_at) END AS publish_at) AS n
                            WHERE c.id = m.id
                              AND (l.title, l.body, coalesce(l.format, c.format), coalesce(l.metadata, c.metadata),
                                   CASE WHEN n.publish_at <= now() THEN 'published' ELSE n.status END,
                                   CASE WHEN n.publish_at > now() THEN n.publish_at END)
                                  IS DISTINCT FROM (c.title, c.body, c.format, c.metadata, m.status, m.publish_at)
                           RETURNING c.id, c.knowledge_id, c.chapter_id, c.language, c.content_type, c.status),
                """ + Self.told, [author.rawValue, targets], timeout: Self.timeout)
        return try rows.only?["count"] ?? 0
    }

    /// In the order of the lines, which is that of the new ids.
    private func insert() async throws -> Int {
        let rows = try await transaction.query(
            """
              WITH saved AS (
                       INSERT INTO edtech_content (
                              knowledge_id, chapter_id, language, content_type, title, body, format, metadata, status,
                              publish_at, created_by, updated_by)
                       SELECT l.knowledge_id, l.chapter_id, l.language, l.content_type, l.title, l.body,
                              coalesce(l.format, 'markdown'), coalesce(l.metadata, '{}'), coalesce(l.status, 'draft'),
                              l.publish_at, $1, $1
                         FROM bulk_lines l
                        WHERE NOT EXISTS (SELECT FROM bulk_matches m WHERE m.line = l.line)
                        ORDER BY l.line
                       RETURNING id, knowledge_id, chapter_id, language, content_type, status),
            """ + Self.told, [author.rawValue, targets], timeout: Self.timeout)
        return try rows.only?["count"] ?? 0
    }

    /// Notes what was saved for the targets, `$2`, and counts it. The text of an event is read faster than `jsonb` is built
    /// of parts.
    private static let told: SQL =
        """

               told AS (
                   INSERT INTO outbox (target, event)
                   SELECT target,
                          ('{"id":"' || gen_random_uuid() || '","type":"content.saved","occurred_at":"' || moment
                           || '","data":{"id":' || id || ',"knowledge_id":' || knowledge_id
                           || ',"chapter_id":' || to_json(chapter_id) || ',"language":' || to_json(language)
                           || ',"content_type":' || to_json(content_type) || ',"status":' || to_json(status)
                           || '}}')::jsonb
                     FROM saved, unnest($2::text[]) AS target,
                          (SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') OFFSET 0)
                              AS t (moment)
                    ORDER BY id)
        SELECT count(*) FROM saved
        """
}

extension ContentStatus {
    /// All that are allowed, as `draft>published`.
    fileprivate static var transitions: [String] {
        allCases.flatMap { from in allCases.filter(from.canBecome).map { "\(from.rawValue)>\($0.rawValue)" } }
    }
}
