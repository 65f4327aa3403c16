import Postgres
import ServiceKit
import WireProtocol

extension PostgresTransaction {
    /// Deletes an account whose row this transaction holds locked, with all that hangs on it, and tells the others.
    ///
    /// The audit log keeps what happened and when, but neither the user nor, of what the user did, from where. For as
    /// long as access tokens live, the revocation keeps the user's id; see ``Housekeeping``.
    func erase(_ user: Identifier, telling outbox: Outbox) async throws {
        try await revokeTokens(of: user)
        try await query(
            "DELETE FROM mails WHERE recipient::citext = (SELECT email FROM users WHERE id = $1)", [user.rawValue])
        try await query("DELETE FROM users WHERE id = $1", [user.rawValue])
        try await query("DELETE FROM idempotency_keys WHERE caller = $1", [user.description])
        try await query(
            """
            UPDATE audit_log
               SET actor = nullif(actor, $1),
                   target = nullif(target, $1),
                   ip = CASE WHEN actor <> $1 THEN ip END,
                   request_id = CASE WHEN actor <> $1 THEN request_id END,
                   detail = '{"erased": true}'
             WHERE actor = $1
                OR target = $1
            """, [user.rawValue])
        try await outbox.append([Event(.userDeleted(UserDeleted(userID: user)))], in: self)
    }
}
