import FoundationEssentials
import Postgres
import WireProtocol

extension PostgresTransaction {
    /// Notes what this transaction does.
    func append(_ entry: AuditEntry) async throws {
        try await query(
            """
            INSERT INTO audit_log (actor, action, target, ip, request_id, detail)
            VALUES ($1, $2, $3, $4, $5, $6::jsonb)
            """,
            [
                entry.actor?.rawValue, entry.action.rawValue, entry.target?.rawValue, entry.origin.address,
                entry.origin.requestID, String(decoding: try WireJSON.encode(entry.detail), as: UTF8.self),
            ])
    }
}
