import Synchronization

/// A transaction that is open: statements run in it, one after the other. Of no use outside of `withTransaction`.
public final class PostgresTransaction: PostgresExecutor {
    private let lease: Lease
    /// The first error of the server, which has doomed the transaction unless a savepoint caught it.
    private let failure = Mutex<PostgresServerError?>(nil)

    init(_ lease: Lease) {
        self.lease = lease
    }

    /// Whether the transaction failed in a way that another run may not, whatever `body` made of the server's error.
    func mayRetry(after error: any Error) -> Bool {
        let state = (error as? PostgresError)?.sqlState ?? failure.withLock { $0?.sqlState }
        return state?.isRetriable == true
    }

    nonisolated(nonsending) func run<Value>(
        _ begin: SQL, _ body: (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        try await lease.query(begin)
        let value = try await body(self)
        try Task.checkCancellation()
        // From here on, the outcome is worth waiting for.
        let answer = try await noting { try await lease.query("COMMIT", isCancellable: false) }
        if answer.commandTag == "ROLLBACK" {
            let message = "the transaction had failed before it was committed"
            let failure = failure.withLock { $0 }
            throw PostgresError.server(
                failure ?? PostgresServerError(sqlState: .inFailedSQLTransaction, message: message))
        }
        return value
    }

    @discardableResult
    public func query(
        _ sql: SQL, _ parameters: [any PostgresEncodable], timeout: Duration?
    ) async throws -> PostgresRows {
        try await noting { try await lease.query(sql, parameters, timeout: timeout) }
    }

    @discardableResult
    public func copyIn<Source: AsyncSequence & Sendable>(_ sql: SQL, from source: Source) async throws -> Int
    where Source.Element == [UInt8] {
        try await noting { try await lease.copyIn(sql, from: source) }
    }

    public func copyOut(_ sql: SQL) -> PostgresCopyOut {
        PostgresCopyOut(sql: sql, engine: lease.engine, lease: lease)
    }

    /// Runs `body` in a savepoint: when it throws, only what it did is undone, and the transaction goes on.
    @discardableResult
    public nonisolated(nonsending) func savepoint<Value>(_ body: () async throws -> Value) async throws -> Value {
        try await query("SAVEPOINT inner_part")
        do {
            let value = try await body()
            try await query("RELEASE SAVEPOINT inner_part")
            return value
        } catch {
            try await query("ROLLBACK TO SAVEPOINT inner_part")
            failure.withLock { $0 = nil }
            throw error
        }
    }

    private nonisolated(nonsending) func noting<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as PostgresError {
            if case .server(let report) = error { failure.withLock { $0 = $0 ?? report } }
            throw error
        }
    }
}
