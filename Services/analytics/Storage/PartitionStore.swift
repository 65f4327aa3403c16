import FoundationEssentials
import Postgres

/// The partitions of `learning_events`, one a month.
struct PartitionStore: Sendable {
    /// Moving a month's events out of the default partition may take longer than other statements.
    private static let timeout: Duration = .seconds(120)

    let database: PostgresClient

    /// Makes the partitions of this month, of the next, and of those whose events had to go to the default one.
    func keep(now: Date = Date()) async throws {
        let months = try await database.query(
            """
            SELECT date_trunc('month', $1::timestamptz, 'UTC') AS month
             UNION
            SELECT date_trunc('month', date_trunc('month', $1::timestamptz, 'UTC') + interval '32 days', 'UTC')
             UNION
            SELECT date_trunc('month', occurred_at, 'UTC')
              FROM learning_events_default
            """, [now])
        for row in months {
            let month: Date = try row["month"]
            try await database.query(
                "SELECT add_learning_events_month($1::timestamptz)", [month], timeout: Self.timeout)
        }
    }
}
