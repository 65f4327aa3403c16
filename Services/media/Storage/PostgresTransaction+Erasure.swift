import Postgres
import WireProtocol

extension PostgresTransaction {
    /// Forgets a user. Files that belong to a course, and that others may see, stay as nobody's; all others are
    /// deleted, and their bytes go with the next maintenance run after the grace time.
    func erase(_ user: Identifier) async throws {
        try await query("DELETE FROM upload_keys WHERE owner_id = $1", [user.rawValue])
        try await query("DELETE FROM uploads WHERE owner_id = $1", [user.rawValue])
        try await query("DELETE FROM idempotency_keys WHERE caller = $1", [user.description])
        try await query(
            """
            UPDATE media
               SET owner_id = $2,
                   deleted_at = CASE WHEN knowledge_id IS NULL OR visibility = 'private'
                                     THEN coalesce(deleted_at, now()) ELSE deleted_at END,
                   version = version + 1, updated_at = now()
             WHERE owner_id = $1
            """, [user.rawValue, Identifier.nobody.rawValue])
    }
}
