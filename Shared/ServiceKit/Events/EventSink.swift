public import WireProtocol

/// Takes in what other services tell.
public protocol EventSink: Sendable {
    /// Each event once; all of them or, when this throws, none.
    func receive(_ events: [Event]) async throws -> EventReceipt
}
