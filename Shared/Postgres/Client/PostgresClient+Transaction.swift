extension PostgresClient {
    /// Runs `body` in a transaction on one connection: committed when it returns, rolled back when it throws.
    /// - Parameter retries: how often the whole of `body` may run again after a serialization failure or a deadlock
    ///   (40001, 40P01). It must then have no effects but those on the database.
    /// - Throws: what `body` throws; `PostgresError`. After `.connection` or `.timeout` from the commit itself, it is not
    ///   known whether it took place.
    @discardableResult
    public nonisolated(nonsending) func withTransaction<Value: Sendable>(
        isolation: PostgresIsolation = .readCommitted, readOnly: Bool = false, retries: Int = 0,
        _ body: (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        var attempt = 0
        while true {
            let outcome = try await engine.withLease { lease -> Result<Value, any Error> in
                let transaction = PostgresTransaction(lease)
                do {
                    return .success(try await transaction.run(isolation.begin(readOnly: readOnly), body))
                } catch {
                    if attempt >= retries || !transaction.mayRetry(after: error) { throw error }
                    return .failure(error)
                }
            }
            if case .success(let value) = outcome { return value }
            attempt += 1
            // Those that collided should not collide again.
            try await Task.sleep(for: .milliseconds(Int.random(in: 1...(4 << min(attempt, 6)))))
        }
    }
}

extension PostgresIsolation {
    fileprivate func begin(readOnly: Bool) -> SQL {
        let access: SQL = readOnly ? " READ ONLY" : " READ WRITE"
        return switch self {
        case .readCommitted: "BEGIN ISOLATION LEVEL READ COMMITTED" + access
        case .repeatableRead: "BEGIN ISOLATION LEVEL REPEATABLE READ" + access
        case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE" + access
        }
    }
}
