public import Postgres
public import WireProtocol

/// Sorts out events that were taken in before.
public enum Inbox {
    /// Notes the events' ids and answers those events that are new, in their order. The effects of these belong in
    /// the same transaction.
    public static func admit(_ events: [Event], in transaction: PostgresTransaction) async throws -> [Event] {
        let rows = try await transaction.query(
            """
            INSERT INTO inbox (event_id)
            SELECT DISTINCT unnest($1::uuid[])
                ON CONFLICT DO NOTHING
            RETURNING event_id
            """, [events.map(\.id.rawValue)])
        var new = Set(try rows.map { row in Identifier(rawValue: try row["event_id"]) })
        return events.filter { new.remove($0.id) != nil }
    }
}
