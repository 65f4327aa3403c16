import Crypto
import FoundationEssentials
import Postgres
import WireProtocol

struct PostgresTokenState: TokenStateStore {
    let database: PostgresClient
    /// The longest that an access token lives, in seconds, with a minute for clocks that differ.
    let tokenLifetime: Int

    func signingKeys() async throws -> [SigningKey] {
        let keys = try await livingKeys(database)
        if keys.contains(where: { $0.retiredAt == nil }) { return keys }
        return try await database.withTransaction { transaction in
            // Of replicas that start at once, one makes the key and the others find it.
            try await transaction.query("LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE")
            var keys = try await livingKeys(transaction)
            if keys.contains(where: { $0.retiredAt == nil }) { return keys }
            keys.insert(try await makeKey(transaction), at: 0)
            return keys
        }
    }

    func revocations() async throws -> [Revocation] {
        let rows = try await database.query(
            """
            SELECT scope, id, issued_until
              FROM revocations
             WHERE issued_until > extract(epoch FROM now())::bigint - $1
             ORDER BY issued_until, id
            """, [tokenLifetime])
        return try rows.map { row in
            guard let scope = Revocation.Scope(rawValue: try row["scope"]) else {
                throw UnreadableColumn(table: "revocations", column: "scope")
            }
            let id: UUID = try row["id"]
            return Revocation(scope: scope, id: Identifier(id), issuedUntil: try row["issued_until"])
        }
    }

    private func livingKeys(_ executor: some PostgresExecutor) async throws -> [SigningKey] {
        let rows = try await executor.query(
            """
            SELECT private_key, created_at, retired_at
              FROM signing_keys
             WHERE retired_at IS NULL
                OR retired_at > now() - make_interval(secs => $1)
             ORDER BY created_at DESC, kid
            """, [tokenLifetime])
        return try rows.map { row in
            let scalar: [UInt8] = try row["private_key"]
            return SigningKey(
                try P256.Signing.PrivateKey(rawRepresentation: scalar), createdAt: try row["created_at"],
                retiredAt: try row["retired_at"])
        }
    }

    private func makeKey(_ transaction: PostgresTransaction) async throws -> SigningKey {
        let key = P256.Signing.PrivateKey()
        let made = SigningKey(key, createdAt: Date())
        let rows = try await transaction.query(
            """
            INSERT INTO signing_keys (kid, private_key)
            VALUES ($1, $2)
            RETURNING created_at
            """, [made.id, Array(key.rawRepresentation)])
        return SigningKey(key, createdAt: try rows[0]["created_at"])
    }
}
