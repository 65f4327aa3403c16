/// How busy a client is, for metrics.
public struct PostgresUsage: Sendable, Equatable {
    /// Open connections, without the one for notifications.
    public var connections = 0
    /// Of these, leased to transactions or COPY.
    public var leased = 0
    /// Statements and transactions that wait for a connection.
    public var queued = 0
    /// Statements sent, whose answer is not in.
    public var inFlight = 0
}
