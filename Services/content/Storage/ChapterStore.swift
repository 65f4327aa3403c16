import Postgres
import ServiceKit
import WireProtocol

/// Chapters in PostgreSQL. Every change tells the outbox in its own transaction.
struct ChapterStore: Sendable {
    /// The sort key of chapters within their knowledge item.
    struct Place: Sendable, Codable {
        let position: Int32
        let id: String
    }

    let database: PostgresClient
    let outbox: Outbox

    /// By position and id, one more than asked for when there are more.
    func list(of knowledgeID: Int32, _ page: PageRequest<Place>) async throws -> [Chapter] {
        let rows = try await database.query(
            """
            SELECT knowledge_id, chapter_id, title, position, version, created_at, updated_at
              FROM chapters
             WHERE knowledge_id = $1
               AND (position, chapter_id) > ($2, $3)
             ORDER BY position, chapter_id
             LIMIT $4
            """, [knowledgeID, page.after?.position ?? -1, page.after?.id ?? "", page.limit + 1])
        return try rows.map(Chapter.init)
    }

    func count(of knowledgeID: Int32) async throws -> Int {
        let rows = try await database.query("SELECT count(*) FROM chapters WHERE knowledge_id = $1", [knowledgeID])
        return try rows.only?[0] ?? 0
    }

    /// - Throws: ``ContentError/noSuchChapter``.
    func chapter(_ id: String, of knowledgeID: Int32) async throws -> Chapter {
        guard let chapter = try await find(id, of: knowledgeID, "", in: database) else {
            throw ContentError.noSuchChapter
        }
        return chapter
    }

    /// Makes the chapter, or changes it.
    ///
    /// - Parameters:
    ///   - position: `nil` keeps it, and puts a new chapter behind the others.
    ///   - check: sees what is there, while no one else can change it, and may refuse.
    /// - Returns: the chapter, and whether it is new.
    /// - Throws: ``ContentError/noSuchKnowledge``, and what `check` throws.
    func put(
        _ id: String, of knowledgeID: Int32, title: String, position: Int?,
        _ check: @Sendable (Chapter?) throws -> Void
    ) async throws -> (chapter: Chapter, isNew: Bool) {
        try await database.withTransaction(retries: 2) { transaction in
            // Two writers of one new chapter wait for each other here.
            let knowledge = try await transaction.query(
                "SELECT 1 FROM knowledge WHERE id = $1 FOR NO KEY UPDATE", [knowledgeID])
            guard !knowledge.isEmpty else { throw ContentError.noSuchKnowledge }
            let old = try await find(id, of: knowledgeID, " FOR UPDATE", in: transaction)
            try check(old)
            let rows = try await transaction.query(
                """
                INSERT INTO chapters AS c (knowledge_id, chapter_id, title, position)
                VALUES ($1, $2, $3, coalesce($4::integer, (
                           SELECT coalesce(max(position) + 1, 0) FROM chapters WHERE knowledge_id = $1)))
                    ON CONFLICT (knowledge_id, chapter_id) DO UPDATE
                   SET title = excluded.title, position = coalesce($4::integer, c.position),
                       version = c.version + 1, updated_at = now()
                 WHERE (c.title, c.position) IS DISTINCT FROM (excluded.title, coalesce($4::integer, c.position))
                RETURNING knowledge_id, chapter_id, title, position, version, created_at, updated_at
                """, [knowledgeID, id, title, position])
            guard let row = rows.only else { return (try old.required(), false) }
            let chapter = try Chapter(row)
            let event = ChapterSaved(
                knowledgeID: chapter.knowledgeID, chapterID: chapter.id, title: chapter.title,
                position: chapter.position)
            try await outbox.append([Event(.chapterSaved(event))], in: transaction)
            return (chapter, old == nil)
        }
    }

    /// Takes the chapter's content along.
    ///
    /// - Throws: ``ContentError/noSuchChapter``, and what `check` throws.
    func remove(_ id: String, of knowledgeID: Int32, _ check: @Sendable (Chapter) throws -> Void) async throws {
        try await database.withTransaction(retries: 2) { transaction in
            try check(try await find(id, of: knowledgeID, " FOR UPDATE", in: transaction).required())
            try await transaction.query(
                "DELETE FROM chapters WHERE knowledge_id = $1 AND chapter_id = $2", [knowledgeID, id],
                timeout: .seconds(120))
            let event = ChapterDeleted(knowledgeID: Int(knowledgeID), chapterID: id)
            try await outbox.append([Event(.chapterDeleted(event))], in: transaction)
        }
    }

    private func find(
        _ id: String, of knowledgeID: Int32, _ lock: SQL, in executor: some PostgresExecutor
    ) async throws -> Chapter? {
        let rows = try await executor.query(
            """
            SELECT knowledge_id, chapter_id, title, position, version, created_at, updated_at
              FROM chapters
             WHERE knowledge_id = $1
               AND chapter_id = $2
            """ + lock, [knowledgeID, id])
        return try rows.only.map(Chapter.init)
    }
}

extension Chapter? {
    fileprivate func required() throws -> Chapter {
        guard let self else { throw ContentError.noSuchChapter }
        return self
    }
}

extension Chapter {
    init(_ row: PostgresRow) throws {
        self.init(
            knowledgeID: try row["knowledge_id"], id: try row["chapter_id"], title: try row["title"],
            position: try row["position"], version: try row["version"], createdAt: try row["created_at"],
            updatedAt: try row["updated_at"])
    }
}
