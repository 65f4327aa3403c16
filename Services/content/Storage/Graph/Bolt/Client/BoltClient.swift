import Logging
import ServiceKit
import ServiceLifecycle
import Synchronization

/// A graph database over Bolt, shared by any number of tasks: pools of connections, transactions that are tried again
/// when they fail in passing, and reads that see what was written through this client before.
final class BoltClient: Service {
    private let options: BoltOptions
    private let router: BoltRouter
    private let logger: Logger
    /// Of the last transactions: whichever server is asked next, it first waits until it has these.
    private let bookmarks = Mutex<Set<String>>([])
    private let reachability = Mutex(BoltReachability())

    /// Connects to nothing yet.
    ///
    /// - Throws: when the system's certificate authorities can't be read.
    init(_ options: BoltOptions, logger: Logger) throws {
        self.options = options
        self.logger = logger
        router = try BoltRouter(options, logger: logger)
    }

    /// Serves until graceful shutdown; transactions that run then are not cut off.
    func run() async throws {
        do {
            try await gracefulShutdown()
        } catch {
            logger.debug("the graph's client is cancelled", metadata: ["error": "\(error)"])
        }
        await router.close()
    }

    /// Runs `body` with a client, and shuts that down after: for commands and tests.
    @discardableResult
    static func withClient<Value: Sendable>(
        _ options: BoltOptions, logger: Logger, _ body: (BoltClient) async throws -> Value
    ) async throws -> Value {
        let client = try BoltClient(options, logger: logger)
        do {
            let value = try await body(client)
            await client.router.close()
            return value
        } catch {
            await client.router.close()
            throw error
        }
    }

    /// Runs `body` in a transaction that only reads.
    @discardableResult
    func read<Value: Sendable>(
        _ body: @Sendable (BoltTransaction) async throws -> Value
    ) async throws -> Value {
        try await run(.read, retrying: { _ in false }, body)
    }

    /// Runs `body` in a transaction: committed when it returns, rolled back when it throws. It may run several times, and
    /// must have no effects but those on the database.
    ///
    /// - Parameter retrying: errors of the server after which to try again besides those that pass by themselves.
    /// - Throws: what `body` throws; ``BoltError``. After ``BoltError/commitUnknown(_:)`` it may have taken effect.
    @discardableResult
    func write<Value: Sendable>(
        retrying: @Sendable (BoltServerError) -> Bool = { _ in false },
        _ body: @Sendable (BoltTransaction) async throws -> Value
    ) async throws -> Value {
        try await run(.write, retrying: retrying, body)
    }

    /// Whether the database answers: within one second.
    var isReady: Bool {
        get async {
            do {
                try await Deadline.run(.seconds(1)) { [self] in
                    _ = try await attempt(.read) { try await $0.run("RETURN 1") }
                }
                return true
            } catch {
                logger.debug("the graph database is not ready", metadata: ["error": "\(error)"])
                return false
            }
        }
    }

    private func run<Value: Sendable>(
        _ access: BoltAccess, retrying: (BoltServerError) -> Bool,
        _ body: @Sendable (BoltTransaction) async throws -> Value
    ) async throws -> Value {
        var retry = options.retry
        while true {
            do {
                return try await attempt(access, body)
            } catch let error as BoltError {
                try Task.checkCancellation()
                guard error.isRetryable || error.server.map(retrying) == true,
                    !reachability.withLock({ $0.isLost(now: .now) }),
                    let pause = retry.pause(now: .now, chance: .random(in: -1...1))
                else { throw error }
                BoltMetrics.retried()
                logger.debug("a graph transaction is tried again", metadata: ["error": "\(error)"])
                try await Task.sleep(for: pause)
            }
        }
    }

    private func attempt<Value: Sendable>(
        _ access: BoltAccess, _ body: @Sendable (BoltTransaction) async throws -> Value
    ) async throws -> Value {
        let start = ContinuousClock.now
        guard reachability.withLock({ $0.admits(now: start) }) else { throw BoltError.unreachable }
        do {
            let value = try await transact(access, body)
            reachability.withLock { $0.reached() }
            return value
        } catch let error as BoltError {
            switch error {
            case .connection, .routing: reachability.withLock { $0.missed(since: start) }
            case .server: reachability.withLock { $0.reached() }
            default: break
            }
            throw error
        }
    }

    private func transact<Value: Sendable>(
        _ access: BoltAccess, _ body: @Sendable (BoltTransaction) async throws -> Value
    ) async throws -> Value {
        let pool = try await router.pool(for: access)
        do {
            let outcome = try await pool.withConnection { connection -> Result<Value, any Error> in
                let known = bookmarks.withLock { $0 }
                let transaction = BoltTransaction(
                    connection, begin: begin(access, known), fetchSize: options.fetchSize)
                let value: Value
                do {
                    value = try await body(transaction)
                    try Task.checkCancellation()
                } catch {
                    // Nothing is wrong with the connection when it is the caller who has had enough.
                    guard try await transaction.rollBack() else { throw error }
                    return .failure(error)
                }
                let bookmark = try await transaction.commit()
                if let bookmark { bookmarks.withLock { $0 = $0.subtracting(known).union([bookmark]) } }
                return .success(value)
            }
            return try outcome.get()
        } catch {
            await router.note(error, at: pool.address)
            throw error
        }
    }

    private func begin(_ access: BoltAccess, _ bookmarks: Set<String>) -> BoltMap {
        var extra: BoltMap = [:]
        if access == .read { extra["mode"] = "r" }
        if let database = options.url.database { extra["db"] = .string(database) }
        if !bookmarks.isEmpty { extra["bookmarks"] = .list(bookmarks.sorted().map(BoltValue.string)) }
        return extra
    }
}

extension BoltError {
    /// The server's own error, when it was the server that refused.
    var server: BoltServerError? {
        guard case .server(let error) = self else { return nil }
        return error
    }
}
