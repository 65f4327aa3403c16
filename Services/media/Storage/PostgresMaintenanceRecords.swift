import FoundationEssentials
import Postgres
import WireProtocol

/// Maintenance's view of media's schema.
struct PostgresMaintenanceRecords: MaintenanceRecords {
    let database: PostgresClient

    func retire(uploadedBefore time: Date, by action: MaintenanceRules.Retention, dryRun: Bool) async throws -> Int {
        if dryRun {
            let rows = try await database.query(
                """
                SELECT count(*) AS total
                  FROM media
                 WHERE created_at < $1
                   AND status = 'available'
                   AND deleted_at IS NULL
                """, [time])
            return try rows.only?["total"] ?? 0
        }
        let change: SQL =
            switch action {
            case .archive: "UPDATE media SET status = 'archived', "
            case .delete: "UPDATE media SET deleted_at = now(), "
            }
        return try await database.query(
            change + """
                version = version + 1, updated_at = now()
                 WHERE created_at < $1
                   AND status = 'available'
                   AND deleted_at IS NULL
                """, [time]
        ).affectedRows
    }

    func files(in shard: ObjectShard) async throws -> [FileRecord] {
        try await database.query(
            """
            SELECT id, storage_key, size, status, updated_at, deleted_at
              FROM media
             WHERE storage_key >= $1 || '/'
               AND storage_key < $1 || '0'
            """, [shard.rawValue]
        ).map(FileRecord.init)
    }

    func discard(_ key: ObjectKey) async throws -> Bool {
        let rows = try await database.query(
            """
            INSERT INTO object_keys (storage_key, discarded_at)
            SELECT $1, now()
             WHERE NOT EXISTS (SELECT FROM uploads WHERE storage_key = $1)
                ON CONFLICT (storage_key) DO UPDATE
               SET discarded_at = now()
             WHERE object_keys.discarded_at IS NOT NULL
            RETURNING storage_key
            """, [key.rawValue])
        return rows.only != nil
    }

    func markMissing(_ file: FileRecord) async throws {
        try await database.query(
            """
            UPDATE media
               SET status = 'missing', version = version + 1, updated_at = now()
             WHERE id = $1
               AND status <> 'missing'
               AND deleted_at IS NULL
            """, [file.id.rawValue])
    }

    func restore(_ file: FileRecord) async throws {
        try await database.query(
            """
            UPDATE media
               SET status = 'available', version = version + 1, updated_at = now()
             WHERE id = $1
               AND status = 'missing'
               AND deleted_at IS NULL
            """, [file.id.rawValue])
    }

    func purge(_ file: FileRecord) async throws {
        try await database.withTransaction { transaction in
            try await transaction.query("DELETE FROM media WHERE id = $1", [file.id.rawValue])
            try await transaction.query(
                "UPDATE object_keys SET discarded_at = now() WHERE storage_key = $1", [file.key.rawValue])
        }
    }

    func tidy() async throws {
        try await database.query("DELETE FROM upload_keys WHERE created_at < now() - interval '24 hours'")
        try await database.query("DELETE FROM object_keys WHERE discarded_at < now() - interval '7 days'")
    }
}

extension FileRecord {
    init(_ row: PostgresRow) throws {
        let name: String = try row["storage_key"]
        let status: String = try row["status"]
        let deletedAt: Date? = try row["deleted_at"]
        let updatedAt: Date = try row["updated_at"]
        guard let key = ObjectKey(rawValue: name) else { throw UnreadableRow(table: "media") }
        let state: State =
            if let deletedAt { .deleted(deletedAt) } else if status == "missing" { .missing(updatedAt) } else { .kept }
        self.init(id: Identifier(rawValue: try row["id"]), key: key, size: try row["size"], state: state)
    }
}
