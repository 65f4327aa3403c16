import FoundationEssentials
import Postgres
import WireProtocol

/// Keeps for 24 hours how far bulk loads have come. The note goes in with the batch that it tells of, so that it is
/// true whatever is killed when.
struct BulkLedger: Sendable {
    let database: PostgresClient

    /// `nil` for a load that has not put in a batch yet.
    func progress(of load: BulkKey) async throws -> BulkProgress? {
        let rows = try await database.query(
            """
            SELECT line, digest, report::text AS report, is_done
              FROM bulk_loads
             WHERE caller = $1
               AND key = $2
               AND created_at > now() - interval '24 hours'
            """, [load.caller.rawValue, load.key])
        return try rows.only.map { row in
            let report: String = try row["report"]
            return BulkProgress(
                line: try row["line"], digest: try row["digest"],
                report: try WireJSON.decode(BulkReport.self, from: Data(report.utf8)), isDone: try row["is_done"])
        }
    }

    /// - Parameter line: how far the load had come when this request last looked, or noted it.
    /// - Throws: ``ContentError/loadUnderWay`` when another request with the same key has come further since.
    static func note(
        _ progress: BulkProgress, of load: BulkKey, after line: Int, in transaction: PostgresTransaction
    ) async throws {
        let noted = try await transaction.query(
            """
            INSERT INTO bulk_loads AS b (caller, key, line, digest, report, is_done)
            VALUES ($1, $2, $3, $4, $5::jsonb, $6)
                ON CONFLICT (caller, key) DO UPDATE
               SET line = excluded.line, digest = excluded.digest, report = excluded.report,
                   is_done = excluded.is_done,
                   created_at = CASE WHEN $7 = 0 THEN now() ELSE b.created_at END
             WHERE (b.line = $7 AND NOT b.is_done)
                OR ($7 = 0 AND b.created_at <= now() - interval '24 hours')
            """,
            [
                load.caller.rawValue, load.key, progress.line, progress.digest,
                String(decoding: try WireJSON.encode(progress.report), as: UTF8.self), progress.isDone, line,
            ])
        guard noted.affectedRows == 1 else { throw ContentError.loadUnderWay }
    }

    func deleteExpired() async throws {
        try await database.query("DELETE FROM bulk_loads WHERE created_at < now() - interval '24 hours'")
    }
}
