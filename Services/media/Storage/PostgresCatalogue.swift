import FoundationEssentials
import Postgres
import ServiceKit
import WireProtocol

/// The catalogue in media's schema.
struct PostgresCatalogue: MediaCatalogue {
    let database: PostgresClient
    let outbox = Outbox(targets: ["analytics"])

    func item(_ id: Identifier) async throws -> MediaItem? {
        try await database.query(
            "SELECT " + MediaItem.columns
                + """
                  FROM media
                 WHERE id = $1
                   AND deleted_at IS NULL
                """, [id.rawValue]
        ).only.map(MediaItem.init)
    }

    /// Which of `ids` are taken, also by files that were deleted.
    func present(of ids: [Identifier]) async throws -> Set<Identifier> {
        let rows = try await database.query(
            "SELECT id FROM media WHERE id = ANY ($1::uuid[])", [ids.map(\.rawValue)])
        return Set(try rows.map { row in Identifier(rawValue: try row["id"]) })
    }

    func change(_ item: MediaItem, to details: MediaDetails) async throws -> MediaItem {
        let rows = try await database.query(
            """
            UPDATE media
               SET filename = $3, visibility = $4, knowledge_id = $5, chapter_id = $6,
                   version = version + 1, updated_at = now()
             WHERE id = $1
               AND version = $2
               AND deleted_at IS NULL
            RETURNING
            """ + MediaItem.columns,
            [
                item.id.rawValue, item.version, details.filename, details.visibility.rawValue, details.knowledgeID,
                details.chapterID,
            ])
        guard let row = rows.only else { throw MediaError.changedMeanwhile }
        return try MediaItem(row)
    }

    func delete(_ item: MediaItem, onlyThisVersion: Bool) async throws {
        let rows = try await database.query(
            """
            UPDATE media
               SET deleted_at = now(), version = version + 1, updated_at = now()
             WHERE id = $1
               AND ($2::integer IS NULL OR version = $2)
               AND deleted_at IS NULL
            """, [item.id.rawValue, onlyThisVersion ? item.version : nil])
        guard rows.affectedRows == 1 else {
            throw onlyThisVersion ? MediaError.changedMeanwhile : MediaError.notFound
        }
    }
}

extension MediaItem {
    /// What ``init(_:)`` reads, for after SELECT and RETURNING.
    static let columns: SQL = """
         id, owner_id, storage_key, filename, content_type, size, sha256, visibility, knowledge_id, chapter_id,
               status, version, created_at, updated_at

        """

    init(_ row: PostgresRow) throws {
        let key: String = try row["storage_key"]
        let visibility: String = try row["visibility"]
        let status: String = try row["status"]
        guard let key = ObjectKey(rawValue: key), let visibility = Visibility(rawValue: visibility),
            let status = Status(rawValue: status)
        else { throw UnreadableRow(table: "media") }
        self.init(
            id: Identifier(rawValue: try row["id"]),
            ownerID: Identifier(rawValue: try row["owner_id"]),
            file: StoredFile(
                key: key, contentType: try row["content_type"], size: try row["size"], sha256: try row["sha256"]),
            details: MediaDetails(
                filename: try row["filename"], visibility: visibility, knowledgeID: try row["knowledge_id"],
                chapterID: try row["chapter_id"]),
            status: status,
            version: try row["version"],
            createdAt: try row["created_at"],
            updatedAt: try row["updated_at"])
    }
}

/// A row holds what its constraints don't allow.
struct UnreadableRow: Error {
    let table: String
}
