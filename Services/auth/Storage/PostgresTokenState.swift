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
            SELECT private_key, active_at, retired_at
              FROM signing_keys
             WHERE retired_at IS NULL
                OR retired_at > now() - make_interval(secs => $1)
             ORDER BY active_at DESC, kid
            """, [tokenLifetime])
        return try rows.map { row in
            let scalar: [UInt8] = try row["private_key"]
            return SigningKey(
                try P256.Signing.PrivateKey(rawRepresentation: scalar), activeAt: try row["active_at"],
                retiredAt: try row["retired_at"])
        }
    }

    /// Makes a key that signs `lead` seconds from now on, when those before it stop.
    func rotate(lead: Int, _ entry: AuditEntry) async throws -> SigningKey {
        try await database.withTransaction { transaction in
            try await transaction.query("LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE")
            let made = try await makeKey(transaction, lead: lead)
            try await transaction.query(
                "UPDATE signing_keys SET retired_at = $2 WHERE retired_at IS NULL AND kid <> $1",
                [made.id, made.activeAt])
            var entry = entry
            entry.detail["kid"] = .string(made.id)
            try await transaction.append(entry)
            return made
        }
    }

    private func makeKey(_ transaction: PostgresTransaction, lead: Int = 0) async throws -> SigningKey {
        let key = P256.Signing.PrivateKey()
        let made = SigningKey(key, activeAt: Date())
        let rows = try await transaction.query(
            """
            INSERT INTO signing_keys (kid, private_key, active_at)
            VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
            RETURNING active_at
            """, [made.id, Array(key.rawRepresentation), Double(lead)])
        return SigningKey(key, activeAt: try rows[0]["active_at"])
    }
}
