import Logging
import ServiceLifecycle

/// A pool of connections to one database, shared by any number of tasks.
///
/// Each statement is a transaction of its own, and many share a connection by pipelining; `withTransaction` and COPY take
/// a connection each while they last. Connections open when they are needed, and again, with growing pauses, when
/// they are lost.
public final class PostgresClient: PostgresExecutor, Service {
    let engine: Engine

    /// Connects to nothing yet.
    public init(_ options: PostgresOptions, logger: Logger) {
        engine = Engine(options, logger: logger)
    }

    deinit {
        _ = engine.mailbox.post(.stop(Stop(isGraceful: false, continuation: nil)))
    }

    /// Serves until graceful shutdown, then takes nothing new, finishes what waits and runs, and closes the connections.
    /// When the task is cancelled, what runs fails with `PostgresError.closed` instead.
    public func run() async throws {
        engine.start()
        do {
            try await gracefulShutdown()
        } catch {
            await engine.stop(isGraceful: false)
            return
        }
        await withTaskCancellationHandler {
            await engine.stop(isGraceful: true)
        } onCancel: {
            _ = engine.mailbox.post(.stop(Stop(isGraceful: false, continuation: nil)))
        }
    }

    /// Runs `body` with a client, and shuts that down after: for commands and tests.
    @discardableResult
    public nonisolated(nonsending) static func withClient<Value>(
        _ options: PostgresOptions, logger: Logger, _ body: (PostgresClient) async throws -> Value
    ) async throws -> Value {
        let client = PostgresClient(options, logger: logger)
        do {
            let value = try await body(client)
            await client.engine.stop(isGraceful: true)
            return value
        } catch {
            await client.engine.stop(isGraceful: true)
            throw error
        }
    }

    @discardableResult
    public func query(
        _ sql: SQL, _ parameters: [any PostgresEncodable], timeout: Duration?
    ) async throws -> PostgresRows {
        try await query(sql, parameters, timeout: timeout, isCancellable: true)
    }

    /// - Parameter isCancellable: `false` when others depend on the answer too: then the task waits for it even when it
    ///   is cancelled, within the timeout.
    public func query(
        _ sql: SQL, _ parameters: [any PostgresEncodable], timeout: Duration? = nil, isCancellable: Bool
    ) async throws -> PostgresRows {
        let work = Request.Work.statement(sql, try EncodedParameters(parameters))
        guard
            case .rows(let result) = try await engine.perform(work, timeout: timeout, isCancellable: isCancellable)
        else { preconditionFailure("a statement is answered by rows") }
        return PostgresRows(result)
    }

    @discardableResult
    public func copyIn<Source: AsyncSequence & Sendable>(_ sql: SQL, from source: Source) async throws -> Int
    where Source.Element == [UInt8] {
        try await engine.withLease { lease in try await lease.copyIn(sql, from: source) }
    }

    public func copyOut(_ sql: SQL) -> PostgresCopyOut {
        PostgresCopyOut(sql: sql, engine: engine, lease: nil)
    }

    /// Whether the database answers: one round trip, of one second at most.
    public var isReady: Bool {
        get async {
            do {
                try await query("SELECT 1", [], timeout: .seconds(1))
                return true
            } catch {
                return false
            }
        }
    }

    public var usage: PostgresUsage { engine.currentUsage }
}
