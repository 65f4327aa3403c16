import FoundationEssentials
import Postgres

extension PostgresMaintenanceRecords {
    func uploads(expiredBefore time: Date) async throws -> [PartedUpload] {
        try await database.query(
            """
            SELECT id, owner_id, storage_key, filename, visibility, knowledge_id, chapter_id, size, sha256, part_size,
                   expires_at, media_id
              FROM uploads
             WHERE expires_at < $1
               AND (completing_until IS NULL OR completing_until < now())
             ORDER BY expires_at
             LIMIT 1000
            """, [time]
        ).map(PartedUpload.init)
    }

    func forget(_ upload: PartedUpload) async throws {
        try await database.query("DELETE FROM uploads WHERE id = $1", [upload.id.rawValue])
    }

    func liveUploadKeys(at time: Date) async throws -> Set<ObjectKey> {
        let rows = try await database.query("SELECT storage_key FROM uploads WHERE expires_at >= $1", [time])
        return Set(
            try rows.compactMap { row in
                let key: String = try row["storage_key"]
                return ObjectKey(rawValue: key)
            })
    }
}
