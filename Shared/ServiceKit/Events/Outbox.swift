import FoundationEssentials
public import Postgres
public import WireProtocol

/// Where a service notes, in the transaction of the change itself, what others must be told of it.
public struct Outbox: Sendable {
    /// Names of the services that are told.
    public let targets: [String]

    public init(targets: [String]) {
        self.targets = targets
    }

    public func append(_ events: [Event], in transaction: PostgresTransaction) async throws {
        guard !events.isEmpty else { return }
        let texts = try events.map { String(decoding: try WireJSON.encode($0), as: UTF8.self) }
        try await transaction.query(
            """
            INSERT INTO outbox (target, event)
            SELECT target, event::jsonb
              FROM unnest($1::text[]) WITH ORDINALITY AS e (event, number),
                   unnest($2::text[]) AS target
             ORDER BY number
            """, [texts, targets])
    }
}
