import FoundationEssentials
import Postgres
import WireProtocol

/// Uploads in parts, in media's schema.
struct PostgresPartedUploads: PartedUploads {
    /// Seconds that joining and checking may take.
    static let completionLease = 900

    let database: PostgresClient
    let catalogue: PostgresCatalogue

    func begin(_ upload: PartedUpload) async throws {
        let details = upload.details
        try await database.query(
            """
            INSERT INTO uploads (id, owner_id, storage_key, filename, visibility, knowledge_id, chapter_id, size,
                                 sha256, part_size, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                upload.id.rawValue, upload.ownerID.rawValue, upload.key.rawValue, details.filename,
                details.visibility.rawValue, details.knowledgeID, details.chapterID, upload.size, upload.sha256,
                upload.partSize, upload.expiresAt,
            ])
    }

    func upload(_ id: Identifier) async throws -> PartedUpload? {
        try await database.query(
            """
            SELECT id, owner_id, storage_key, filename, visibility, knowledge_id, chapter_id, size, sha256, part_size,
                   expires_at, media_id
              FROM uploads
             WHERE id = $1
            """, [id.rawValue]
        ).only.map(PartedUpload.init)
    }

    func claimCompletion(of upload: PartedUpload) async throws -> Bool {
        let rows = try await database.query(
            """
            UPDATE uploads
               SET completing_until = now() + make_interval(secs => $2)
             WHERE id = $1
               AND media_id IS NULL
               AND (completing_until IS NULL OR completing_until < now())
            """, [upload.id.rawValue, Self.completionLease])
        return rows.affectedRows == 1
    }

    func releaseCompletion(of upload: PartedUpload) async throws {
        try await database.query(
            "UPDATE uploads SET completing_until = NULL WHERE id = $1", [upload.id.rawValue])
    }

    func complete(_ upload: PartedUpload, as new: NewMedia) async throws -> MediaItem {
        try await database.withTransaction { transaction in
            let item = try await catalogue.insert(new, in: transaction)
            let completed = try await transaction.query(
                """
                UPDATE uploads
                   SET media_id = $2, completing_until = NULL
                 WHERE id = $1
                   AND media_id IS NULL
                """, [upload.id.rawValue, new.id.rawValue])
            guard completed.affectedRows == 1 else { throw MediaError.uploadOver }
            return item
        }
    }

    func remove(_ upload: PartedUpload) async throws {
        try await database.query(
            """
            DELETE FROM uploads
             WHERE id = $1
               AND media_id IS NULL
            """, [upload.id.rawValue])
    }
}

extension PartedUpload {
    init(_ row: PostgresRow) throws {
        let key: String = try row["storage_key"]
        let visibility: String = try row["visibility"]
        let mediaID: UUID? = try row["media_id"]
        guard let key = ObjectKey(rawValue: key), let visibility = Visibility(rawValue: visibility) else {
            throw UnreadableRow(table: "uploads")
        }
        self.init(
            id: Identifier(rawValue: try row["id"]),
            ownerID: Identifier(rawValue: try row["owner_id"]),
            key: key,
            details: MediaDetails(
                filename: try row["filename"], visibility: visibility, knowledgeID: try row["knowledge_id"],
                chapterID: try row["chapter_id"]),
            size: try row["size"],
            sha256: try row["sha256"],
            partSize: try row["part_size"],
            expiresAt: try row["expires_at"],
            mediaID: mediaID.map(Identifier.init(rawValue:)))
    }
}
