public final class PostgresTransaction: PostgresExecutor {
    @discardableResult
    public func query(_ sql: SQL, _ parameters: [any PostgresEncodable], timeout: Duration?) async throws -> PostgresRows {
        throw PostgresError.closed
    }
    @discardableResult
    public func copyIn<Source: AsyncSequence & Sendable>(_ sql: SQL, from source: Source) async throws -> Int
    where Source.Element == [UInt8] { throw PostgresError.closed }
    public func copyOut(_ sql: SQL) -> PostgresCopyOut { PostgresCopyOut() }
    public func savepoint<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value { try await body() }
}
