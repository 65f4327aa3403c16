import FoundationEssentials
import Postgres
import ServiceKit
import WireProtocol

struct PostgresSessionStore: SessionStore {
    let database: PostgresClient
    let lifetimes: Lifetimes
    let policy: TwoFactorPolicy

    func refresh(_ token: RefreshToken, from origin: Origin) async throws -> RefreshOutcome {
        try await PostgresRefresh(database: database, lifetimes: lifetimes, policy: policy).refresh(token, from: origin)
    }

    func revoke(_ session: Identifier, of user: Identifier, _ entry: AuditEntry) async throws -> Bool {
        try await database.withTransaction { transaction in
            guard try await transaction.revokeSession(session, of: user) else { return false }
            try await transaction.append(entry)
            return true
        }
    }

    func revokeAll(of user: Identifier, _ entry: AuditEntry) async throws {
        try await database.withTransaction(retries: 3) { transaction in
            try await transaction.query("SELECT FROM users WHERE id = $1 FOR SHARE", [user.rawValue])
            try await transaction.revokeSessions(of: user)
            try await transaction.append(entry)
        }
    }

    func sessions(of user: Identifier, limit: Int, before number: Int?) async throws -> [Session] {
        let rows = try await database.query(
            """
            SELECT id, number, user_agent, ip, created_at, last_used_at
              FROM sessions
             WHERE user_id = $1
               AND number < coalesce($2::bigint, 9223372036854775807)
               AND revoked_at IS NULL
               AND expires_at > now()
             ORDER BY number DESC
             LIMIT $3
            """, [user.rawValue, number, limit + 1])
        return try rows.map { row in
            let id: UUID = try row["id"]
            return Session(
                id: Identifier(id), number: try row["number"], userAgent: try row["user_agent"],
                address: try row["ip"], createdAt: try row["created_at"], lastUsedAt: try row["last_used_at"])
        }
    }

    func countSessions(of user: Identifier) async throws -> Int {
        let rows = try await database.query(
            """
            SELECT count(*) AS total
              FROM sessions
             WHERE user_id = $1
               AND revoked_at IS NULL
               AND expires_at > now()
            """, [user.rawValue])
        return try rows[0]["total"]
    }
}
