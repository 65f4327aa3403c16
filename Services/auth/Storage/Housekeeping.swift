import Logging
import Postgres
import ServiceKit
import ServiceLifecycle
import WireProtocol

/// Takes away what has had its time, every minute, a few thousand rows at once. Replicas may do it side by side.
struct Housekeeping: Service {
    static let interval: Duration = .seconds(60)

    let database: PostgresClient
    /// The longest that an access token lives, in seconds, with a minute for clocks that differ.
    let tokenLifetime: Int
    let lifetimes: Lifetimes
    let outbox: Outbox
    let logger: Logger

    func run() async throws {
        await RecurringWork(
            every: Self.interval, whenFailing: "what has expired could not be deleted", logger: logger, sweep
        )
        .run()
    }

    func sweep() async throws {
        try await database.query(
            """
            DELETE FROM sessions
             WHERE id IN (SELECT id FROM sessions WHERE expires_at < now() LIMIT 2000 FOR UPDATE SKIP LOCKED)
            """)
        try await database.query(
            """
            DELETE FROM refresh_tokens
             WHERE hash IN (SELECT hash FROM refresh_tokens WHERE expires_at < now() LIMIT 5000 FOR UPDATE SKIP LOCKED)
            """)
        try await database.query(
            """
            UPDATE refresh_tokens
               SET successor_nonce = NULL
             WHERE hash IN (SELECT hash
                              FROM refresh_tokens
                             WHERE successor_nonce IS NOT NULL
                               AND used_at < now() - make_interval(secs => $1)
                             LIMIT 5000
                               FOR UPDATE SKIP LOCKED)
            """, [lifetimes.refreshGrace.seconds])
        try await forgetRevocations()
        try await database.query("DELETE FROM one_time_tokens WHERE expires_at < now()")
        try await database.query("DELETE FROM login_challenges WHERE expires_at < now()")
        try await database.query(
            "DELETE FROM authenticators WHERE confirmed_at IS NULL AND created_at < now() - interval '1 day'")
        try await database.query("DELETE FROM login_failures WHERE resets_at < now()")
        // No answer that Kratos gave before it was told is still on its way.
        try await database.query("DELETE FROM identity_news WHERE told_at < now() - interval '1 minute'")
        try await database.query(
            """
            DELETE FROM signing_keys
             WHERE retired_at < now() - make_interval(secs => $1)
            """, [tokenLifetime])
    }
    /// With the last that tells of a deleted user, the other services are told again: what a token of the user's still
    /// brought about while they learned of its end is erased too.
    private func forgetRevocations() async throws {
        try await database.withTransaction { transaction in
            let rows = try await transaction.query(
                """
                WITH expired AS (
                    DELETE FROM revocations
                     WHERE issued_until < extract(epoch FROM now())::bigint - $1
                    RETURNING scope, id
                )
                SELECT id
                  FROM expired
                 WHERE scope = 'user'
                   AND NOT EXISTS (SELECT FROM users WHERE users.id = expired.id)
                """, [tokenLifetime])
            let events = try rows.map { row in
                Event(.userDeleted(UserDeleted(userID: Identifier(rawValue: try row["id"]))))
            }
            try await outbox.append(events, in: transaction)
        }
    }
}
