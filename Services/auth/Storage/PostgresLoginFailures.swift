import Postgres
import ServiceKit

struct PostgresLoginFailures: LoginFailureStore {
    let database: PostgresClient

    func counts(in buckets: [String]) async throws -> [String: FailureCount] {
        let rows = try await database.query(
            """
            SELECT bucket, failures, ceil(extract(epoch FROM resets_at - clock_timestamp()))::integer AS resets_in
              FROM login_failures
             WHERE bucket = ANY($1::text[])
               AND resets_at > clock_timestamp()
            """, [buckets])
        return try FailureCount.byBucket(rows)
    }

    func record(in buckets: [String], window: Duration, _ entry: AuditEntry) async throws -> [String: FailureCount] {
        try await database.withTransaction { transaction in
            let counts = try await transaction.count(in: buckets, window: window)
            try await transaction.append(entry)
            return counts
        }
    }

    func count(in buckets: [String], window: Duration) async throws -> [String: FailureCount] {
        try await database.withTransaction { try await $0.count(in: buckets, window: window) }
    }
}

extension PostgresTransaction {
    /// Counts one more in each bucket; a bucket's time begins with the first.
    func count(in buckets: [String], window: Duration) async throws -> [String: FailureCount] {
        let rows = try await query(
            """
            INSERT INTO login_failures AS f (bucket, failures, resets_at)
            SELECT bucket, 1, clock_timestamp() + make_interval(secs => $2)
              FROM unnest($1::text[]) AS bucket
             ORDER BY bucket
                ON CONFLICT (bucket) DO UPDATE
               SET failures = CASE WHEN f.resets_at > clock_timestamp() THEN f.failures + 1 ELSE 1 END,
                   resets_at = CASE WHEN f.resets_at > clock_timestamp() THEN f.resets_at ELSE excluded.resets_at END
            RETURNING bucket, failures, ceil(extract(epoch FROM resets_at - clock_timestamp()))::integer AS resets_in
            """, [buckets, window.seconds])
        return try FailureCount.byBucket(rows)
    }
}

extension FailureCount {
    fileprivate static func byBucket(_ rows: PostgresRows) throws -> [String: FailureCount] {
        var counts: [String: FailureCount] = [:]
        for row in rows {
            counts[try row["bucket"]] = FailureCount(
                failures: try row["failures"], resetsIn: max(1, try row["resets_in"]))
        }
        return counts
    }
}
