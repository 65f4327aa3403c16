public import Postgres
public import WireProtocol

/// Applies each event once: its id and its effect go in together, so that one that is delivered again does nothing.
public struct InboxSink: EventSink {
    private let database: PostgresClient
    private let apply: @Sendable (EventPayload, PostgresTransaction) async throws -> Void

    /// - Parameter apply: the effect of one event, in the order in which they happened. May be run again for the same
    ///   event when the transaction had to be.
    public init(
        _ database: PostgresClient, apply: @escaping @Sendable (EventPayload, PostgresTransaction) async throws -> Void
    ) {
        self.database = database
        self.apply = apply
    }

    public func receive(_ events: [Event]) async throws -> EventReceipt {
        try await database.withTransaction(retries: 3) { transaction in
            let new = try await Inbox.admit(events, in: transaction)
            for event in new { try await apply(event.payload, transaction) }
            return EventReceipt(accepted: new.count, duplicates: events.count - new.count)
        }
    }
}
