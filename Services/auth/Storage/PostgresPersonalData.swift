import FoundationEssentials
import Postgres
import ServiceKit
import WireProtocol

struct PostgresPersonalData: PersonalDataStore {
    let database: PostgresClient
    let outbox: Outbox
    let news: IdentityNews

    func personalData(of user: Identifier) async throws -> PersonalData? {
        try await database.withTransaction(isolation: .repeatableRead, readOnly: true) { transaction in
            guard let owner = try await transaction.user(user) else { return nil }
            return PersonalData(
                user: owner, twoFactor: try await PostgresTwoFactor.state(of: user, transaction),
                sessions: try await sessions(of: user, transaction), audit: try await audit(of: user, transaction))
        }
    }

    func erase(_ user: Identifier, _ entry: AuditEntry) async throws {
        try await database.withTransaction(retries: 3) { transaction in
            // With all administrators, in the order in which others lock them: of two who leave at once, one has to stay.
            let rows = try await transaction.query(
                """
                SELECT id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at, updated_at
                  FROM users
                 WHERE id = $1
                    OR (role = 'admin' AND disabled_at IS NULL)
                 ORDER BY id
                   FOR UPDATE
                """, [user.rawValue])
            let locked = try rows.map(User.init)
            guard let owner = locked.first(where: { $0.id == user }), !owner.isDisabled else {
                throw AuthError.accountGone
            }
            guard owner.role != .admin || locked.count > 1 else { throw AuthError.lastAdmin }
            try await transaction.append(entry)
            try await news.append(user, in: transaction)
            try await transaction.erase(user, telling: outbox)
        }
    }

    private func sessions(of user: Identifier, _ transaction: PostgresTransaction) async throws -> [PastSession] {
        let rows = try await transaction.query(
            """
            SELECT id, user_agent, ip, created_at, last_used_at, expires_at, revoked_at, methods
              FROM sessions
             WHERE user_id = $1
             ORDER BY number DESC
            """, [user.rawValue])
        return try rows.map { row in
            PastSession(
                id: Identifier(rawValue: try row["id"]), userAgent: try row["user_agent"], address: try row["ip"],
                createdAt: try row["created_at"], lastUsedAt: try row["last_used_at"],
                expiresAt: try row["expires_at"], revokedAt: try row["revoked_at"],
                authentication: try Authentication(column: try row["methods"]))
        }
    }

    private func audit(of user: Identifier, _ transaction: PostgresTransaction) async throws -> [AuditRecord] {
        let rows = try await transaction.query(
            """
            (SELECT id, at, actor, action, target, ip, request_id, detail
               FROM audit_log
              WHERE actor = $1
              ORDER BY id DESC
              LIMIT $2)
             UNION
            (SELECT id, at, actor, action, target, ip, request_id, detail
               FROM audit_log
              WHERE target = $1
              ORDER BY id DESC
              LIMIT $2)
             ORDER BY id DESC
             LIMIT $2
            """, [user.rawValue, PersonalData.auditLimit])
        return try rows.map(AuditRecord.init)
    }
}
