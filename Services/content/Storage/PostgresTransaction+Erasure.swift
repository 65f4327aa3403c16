import Postgres
import WireProtocol

extension PostgresTransaction {
    /// Forgets a user: what they wrote stays, as nobody's, and gets no new version for that.
    func erase(_ user: Identifier) async throws {
        let names = [user.rawValue, Identifier.nobody.rawValue]
        try await query("UPDATE knowledge SET created_by = $2 WHERE created_by = $1", names)
        try await query(
            """
            UPDATE edtech_content AS c
               SET created_by = CASE WHEN created_by = $1 THEN $2 ELSE created_by END,
                   updated_by = CASE WHEN updated_by = $1 THEN $2 ELSE updated_by END, updated_at =
            """ + ContentItem.timeOfChange + """

                 WHERE created_by = $1
                    OR (updated_by = $1 AND updated_by <> created_by)
                """, names)
        try await query("UPDATE content_versions SET author = $2 WHERE author = $1", names)
        try await query(
            """
            UPDATE deleted_content
               SET created_by = CASE WHEN created_by = $1 THEN $2 ELSE created_by END,
                   updated_by = CASE WHEN updated_by = $1 THEN $2 ELSE updated_by END,
                   deleted_by = CASE WHEN deleted_by = $1 THEN $2 ELSE deleted_by END
             WHERE $1 IN (created_by, updated_by, deleted_by)
            """, names)
        try await query("UPDATE deleted_versions SET author = $2 WHERE author = $1", names)
        try await query("DELETE FROM bulk_loads WHERE caller = $1", [user.rawValue])
        try await query("DELETE FROM idempotency_keys WHERE caller = $1", [user.description])
    }
}
