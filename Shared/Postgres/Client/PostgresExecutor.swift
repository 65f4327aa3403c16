/// What both a client and a transaction can do: with a client each statement is a transaction of its own.
/// Storage functions that may run in either take `some PostgresExecutor`.
public protocol PostgresExecutor: Sendable {
    /// Runs one statement.
    /// - Parameter timeout: bounds the wait in the queue and at the server; `nil` means the client's `statementTimeout`.
    /// - Throws: `PostgresError`; `CancellationError` as soon as the task is cancelled.
    @discardableResult
    func query(_ sql: SQL, _ parameters: [any PostgresEncodable], timeout: Duration?) async throws -> PostgresRows

    /// Runs a `COPY … FROM STDIN` with what `source` yields, which is in the format that the statement names (see
    /// `CopyTextWriter`); chunks need not end at rows. Holds one chunk in memory. All or nothing: when `source` throws
    /// or the task is cancelled, the server discards the rows, and the error is thrown on.
    /// - Returns: the number of rows.
    @discardableResult
    func copyIn<Source: AsyncSequence & Sendable>(_ sql: SQL, from source: Source) async throws -> Int
    where Source.Element == [UInt8]

    /// Runs a `COPY … TO STDOUT` and yields its bytes, in chunks of whole rows, as fast as they are consumed.
    func copyOut(_ sql: SQL) -> PostgresCopyOut
}

extension PostgresExecutor {
    @discardableResult
    public func query(
        _ sql: SQL, _ parameters: [any PostgresEncodable] = [], timeout: Duration? = nil
    ) async throws -> PostgresRows {
        try await query(sql, parameters, timeout: timeout)
    }
}
