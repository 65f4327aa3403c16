import Postgres
import WireProtocol

extension PostgresTransaction {
    /// Has a mail written and sent once this transaction is committed.
    func insert(_ order: MailOrder) async throws {
        try await query(
            """
            INSERT INTO mails (kind, recipient, language, ip, request_id)
            VALUES ($1, $2, $3, $4, $5)
            """,
            [
                order.kind.rawValue, order.recipient, order.language?.description, order.origin.address,
                order.origin.requestID,
            ])
    }

    /// Makes the links that were mailed to the user for `purpose` useless.
    func withdrawTokens(of user: Identifier, for purpose: OneTimeToken.Purpose) async throws {
        try await query(
            "DELETE FROM one_time_tokens WHERE user_id = $1 AND purpose = $2", [user.rawValue, purpose.rawValue])
    }
}
