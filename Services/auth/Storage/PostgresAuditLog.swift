import FoundationEssentials
import Postgres
import WireProtocol

struct PostgresAuditLog: AuditLog {
    let database: PostgresClient

    func records(_ filter: AuditFilter, limit: Int, before id: Int?) async throws -> [AuditRecord] {
        let rows = try await database.query(
            """
            SELECT id, at, actor, action, target, ip, request_id, detail
              FROM audit_log
             WHERE ($1::uuid IS NULL OR actor = $1)
               AND ($2::uuid IS NULL OR target = $2)
               AND ($3::text IS NULL OR action = $3)
               AND id < coalesce($4::bigint, 9223372036854775807)
             ORDER BY id DESC
             LIMIT $5
            """,
            [filter.actor?.rawValue, filter.target?.rawValue, filter.action?.rawValue, id, limit + 1])
        return try rows.map(AuditRecord.init)
    }

    func records(_ filter: AuditFilter, after id: Int, limit: Int) async throws -> [AuditRecord] {
        let rows = try await database.query(
            """
            SELECT id, at, actor, action, target, ip, request_id, detail
              FROM audit_log
             WHERE ($1::uuid IS NULL OR actor = $1)
               AND ($2::uuid IS NULL OR target = $2)
               AND ($3::text IS NULL OR action = $3)
               AND id > $4
             ORDER BY id
             LIMIT $5
            """,
            [filter.actor?.rawValue, filter.target?.rawValue, filter.action?.rawValue, id, limit])
        return try rows.map(AuditRecord.init)
    }

    func count(_ filter: AuditFilter) async throws -> Int {
        let rows = try await database.query(
            """
            SELECT count(*) AS total
              FROM audit_log
             WHERE ($1::uuid IS NULL OR actor = $1)
               AND ($2::uuid IS NULL OR target = $2)
               AND ($3::text IS NULL OR action = $3)
            """, [filter.actor?.rawValue, filter.target?.rawValue, filter.action?.rawValue])
        return try rows[0]["total"]
    }
}

extension AuditRecord {
    init(_ row: PostgresRow) throws {
        let actor: UUID? = try row["actor"]
        let target: UUID? = try row["target"]
        let detail: String = try row["detail"]
        self.init(
            id: try row["id"], at: try row["at"], actor: actor.map { Identifier($0) }, action: try row["action"],
            target: target.map { Identifier($0) }, address: try row["ip"], requestID: try row["request_id"],
            detail: try WireJSON.decode([String: JSONValue].self, from: Data(detail.utf8)))
    }
}
