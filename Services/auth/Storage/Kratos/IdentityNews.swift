import Postgres
import WireProtocol

/// What an identity server has to be told of accounts that it keeps: noted in the transaction of the change, and told after
/// that, so that no transaction waits for the server, and nothing is told that did not come about.
struct IdentityNews: Sendable {
    /// Whether there is such a server.
    let isAwaited: Bool

    /// Notes a change of an account whose row `transaction` holds locked, before that is deleted if it is.
    ///
    /// - Parameter enabling: whether the account, which was disabled, no longer is.
    func append(_ user: Identifier, enabling: Bool = false, in transaction: PostgresTransaction) async throws {
        guard isAwaited else { return }
        try await transaction.query(
            """
            INSERT INTO identity_news AS known (identity_id, enables)
            SELECT identity_id, $2::boolean
              FROM users
             WHERE id = $1
               AND identity_id IS NOT NULL
                ON CONFLICT (identity_id) DO UPDATE
               SET number = DEFAULT, told_at = NULL,
                   enables = excluded.enables OR (known.enables AND known.told_at IS NULL),
                   attempts = CASE WHEN known.told_at IS NULL THEN known.attempts ELSE 0 END,
                   due_at = CASE WHEN known.told_at IS NULL THEN known.due_at ELSE clock_timestamp() END
            """, [user.rawValue, enabling])
    }
}

/// The news, to be told. Those of one account are told by one replica at a time.
struct IdentityNewsQueue: Sendable {
    /// An account that changed. This replica has taken it on for some time.
    struct Item: Sendable {
        let identity: Identifier
        let number: Int
        /// Whether the account was disabled, and is no longer.
        let enables: Bool
        /// How often it was taken on, this time included.
        let attempt: Int
    }

    let database: PostgresClient

    /// Takes on what is due, the longest due first. Should this replica die, others take it on after `lease`.
    func take(limit: Int, lease: Duration) async throws -> [Item] {
        let rows = try await database.query(
            """
            UPDATE identity_news
               SET attempts = attempts + 1, due_at = clock_timestamp() + make_interval(secs => $2)
             WHERE identity_id IN (SELECT identity_id
                                     FROM identity_news
                                    WHERE told_at IS NULL
                                      AND due_at <= clock_timestamp()
                                    ORDER BY due_at
                                    LIMIT $1
                                      FOR UPDATE SKIP LOCKED)
            RETURNING identity_id, number, enables, attempts
            """, [limit, lease.seconds])
        return try rows.map { row in
            Item(
                identity: Identifier(rawValue: try row["identity_id"]), number: try row["number"],
                enables: try row["enables"], attempt: try row["attempts"])
        }
    }

    /// What is to be told; `nil` when the account was deleted.
    func account(of item: Item) async throws -> User? {
        let rows = try await database.query(
            """
            SELECT id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at,
                   updated_at
              FROM users
             WHERE identity_id = $1
            """, [item.identity.rawValue])
        return try rows.only.map(User.init)
    }

    /// When the account changed again meanwhile, it is due again.
    func finish(_ item: Item) async throws {
        try await database.query(
            """
            UPDATE identity_news
               SET due_at = clock_timestamp(), told_at = CASE WHEN number = $2 THEN clock_timestamp() END
             WHERE identity_id = $1
            """, [item.identity.rawValue, item.number])
    }

    /// Only while nobody else has taken it on meanwhile.
    func postpone(_ item: Item, by pause: Duration) async throws {
        try await database.query(
            """
            UPDATE identity_news
               SET due_at = clock_timestamp() + make_interval(secs => $3)
             WHERE identity_id = $1
               AND attempts = $2
            """, [item.identity.rawValue, item.attempt, pause.seconds])
    }
}
