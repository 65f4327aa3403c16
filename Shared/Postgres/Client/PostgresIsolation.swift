/// How much of what others do at the same time a transaction sees (documentation, 13.2).
public enum PostgresIsolation: Sendable {
    case readCommitted
    /// Fails with 40001 when another transaction has changed what this one changes: pass `retries`.
    case repeatableRead
    /// The same, and also when the outcome differs from any serial order.
    case serializable
}
