import Postgres
import ServiceKit
import WireProtocol

/// The versions of content items in PostgreSQL.
struct VersionStore: Sendable {
    let database: PostgresClient

    /// The latest first, one more than asked for when there are more.
    ///
    /// - Throws: ``ContentError/noSuchContent``.
    func list(of id: Int, _ page: PageRequest<Int32>) async throws -> [ContentVersionSummary] {
        let rows = try await database.query(
            """
            SELECT version, title, status, author, created_at
              FROM content_history
             WHERE content_id = $1
               AND version < $2
             ORDER BY version DESC
             LIMIT $3
            """, [id, page.after ?? .max, page.limit + 1])
        if rows.isEmpty, try await count(of: id) == 0 { throw ContentError.noSuchContent }
        return try rows.map { row in
            ContentVersionSummary(
                version: try row["version"], title: try row["title"], status: try row["status"],
                createdBy: Identifier(rawValue: try row["author"]), createdAt: try row["created_at"])
        }
    }

    func count(of id: Int) async throws -> Int {
        let rows = try await database.query("SELECT count(*) FROM content_history WHERE content_id = $1", [id])
        return try rows.only?[0] ?? 0
    }

    /// - Throws: ``ContentError/noSuchVersion``.
    func version(_ number: Int32, of id: Int) async throws -> ContentVersion {
        let rows = try await database.query(
            """
            SELECT version, knowledge_id, chapter_id, language, content_type, title, body, format, metadata, status,
                   publish_at, author, created_at
              FROM content_history
             WHERE content_id = $1
               AND version = $2
            """, [id, number])
        guard let row = rows.only else { throw ContentError.noSuchVersion }
        return ContentVersion(
            version: try row["version"], fields: try ContentFields(row, from: 1),
            author: Identifier(rawValue: try row["author"]), createdAt: try row["created_at"])
    }
}
