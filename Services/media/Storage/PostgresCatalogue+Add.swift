import FoundationEssentials
import Postgres
import ServiceKit
import WireProtocol

extension PostgresCatalogue {
    /// The `Idempotency-Key` was taken before.
    private struct KeyTaken: Error {}

    func add(_ new: NewMedia) async throws -> Addition {
        do {
            return .added(
                try await database.withTransaction { transaction in
                    try await insert(new, in: transaction)
                })
        } catch is KeyTaken {
            return .repeated(try await earlier(new))
        } catch let error as PostgresError where error.constraintViolated == "object_keys_pkey" {
            throw ObjectStoreError.notFound(new.file.key)
        } catch let error as PostgresError where error.mayHaveCommitted {
            throw CatalogueOutcomeUnknown(cause: error)
        } catch is CancellationError {
            throw CatalogueOutcomeUnknown(cause: CancellationError())
        }
    }

    func insert(_ new: NewMedia, in transaction: PostgresTransaction) async throws -> MediaItem {
        let details = new.details
        try await transaction.query("INSERT INTO object_keys (storage_key) VALUES ($1)", [new.file.key.rawValue])
        let rows = try await transaction.query(
            """
            INSERT INTO media (id, owner_id, storage_key, filename, content_type, size, sha256, visibility,
                               knowledge_id, chapter_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            RETURNING
            """ + MediaItem.columns,
            [
                new.id.rawValue, new.ownerID.rawValue, new.file.key.rawValue, details.filename, new.file.contentType,
                new.file.size, new.file.sha256, details.visibility.rawValue, details.knowledgeID, details.chapterID,
            ])
        if let key = new.idempotencyKey { try await take(key, for: new, in: transaction) }
        try await outbox.append(new.events, in: transaction)
        guard let row = rows.only else { throw UnreadableRow(table: "media") }
        return try MediaItem(row)
    }

    private func take(_ key: String, for new: NewMedia, in transaction: PostgresTransaction) async throws {
        let taken = try await transaction.query(
            """
            INSERT INTO upload_keys AS k (owner_id, key, body_sha256, media_id)
            VALUES ($1, $2, $3, $4)
                ON CONFLICT (owner_id, key) DO UPDATE
               SET body_sha256 = excluded.body_sha256, media_id = excluded.media_id, created_at = now()
             WHERE k.created_at < now() - interval '24 hours'
            RETURNING key
            """, [new.ownerID.rawValue, key, new.fingerprint, new.id.rawValue])
        if taken.isEmpty { throw KeyTaken() }
    }

    private func earlier(_ new: NewMedia) async throws -> MediaItem {
        let rows = try await database.query(
            "SELECT " + MediaItem.columns
                + """
                     , body_sha256
                  FROM media
                  JOIN (SELECT media_id, body_sha256
                          FROM upload_keys
                         WHERE owner_id = $1
                           AND key = $2) AS k ON k.media_id = id
                """, [new.ownerID.rawValue, new.idempotencyKey])
        guard let row = rows.only, try row["body_sha256"] == new.fingerprint else { throw MediaError.keyUsedOtherwise }
        return try MediaItem(row)
    }
}

extension NewMedia {
    fileprivate var events: [Event] {
        guard let duration else { return [] }
        let operation = OperationCompleted(
            service: "media", operationType: "media.upload", duration: duration.milliseconds, success: true,
            errorCount: 0)
        return [Event(.operationCompleted(operation))]
    }
}

extension PostgresError {
    /// Whether a transaction that failed with this may have been committed all the same.
    fileprivate var mayHaveCommitted: Bool {
        switch self {
        case .connection, .timeout: true
        case .server, .overloaded, .closed, .invalidParameter: false
        }
    }
}
