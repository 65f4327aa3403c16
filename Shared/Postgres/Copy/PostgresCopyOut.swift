/// The bytes of a `COPY … TO STDOUT`, in chunks of whole rows of about 64 KB. The server is asked for more only as the
/// loop goes on, so memory stays bounded. Each iteration runs the statement; leaving the loop early ends it, which fails the
/// transaction that it is in, if any.
public struct PostgresCopyOut: AsyncSequence, Sendable {
    public typealias Element = [UInt8]

    let sql: SQL
    let engine: Engine
    /// The transaction's; `nil` when each iteration needs its own.
    let lease: Lease?

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(reader: CopyOutReader(sql: sql, engine: engine, transaction: lease))
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let reader: CopyOutReader

        /// - Throws: `PostgresError`; `CancellationError` as soon as the task is cancelled.
        public mutating func next() async throws -> [UInt8]? {
            try await reader.next()
        }
    }
}
