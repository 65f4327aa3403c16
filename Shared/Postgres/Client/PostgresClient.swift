import Logging
import ServiceLifecycle

public final class PostgresClient: PostgresExecutor, Service, Sendable {
    public init(_ options: PostgresOptions, logger: Logger) {}
    public func run() async throws { try await gracefulShutdown() }
    public static func withClient<Value>(
        _ options: PostgresOptions, logger: Logger, _ body: (PostgresClient) async throws -> Value
    ) async throws -> Value { try await body(PostgresClient(options, logger: logger)) }
    @discardableResult
    public func query(_ sql: SQL, _ parameters: [any PostgresEncodable], timeout: Duration?) async throws -> PostgresRows {
        throw PostgresError.closed
    }
    @discardableResult
    public func copyIn<Source: AsyncSequence & Sendable>(_ sql: SQL, from source: Source) async throws -> Int
    where Source.Element == [UInt8] { throw PostgresError.closed }
    public func copyOut(_ sql: SQL) -> PostgresCopyOut { PostgresCopyOut() }
    public func withTransaction<Value: Sendable>(
        isolation: PostgresIsolation = .readCommitted, readOnly: Bool = false, retries: Int = 0,
        _ body: (PostgresTransaction) async throws -> Value
    ) async throws -> Value { throw PostgresError.closed }
    public func notifications(on channel: String) -> PostgresNotifications { PostgresNotifications() }
    public var isReady: Bool { get async { false } }
    public var usage: PostgresUsage { PostgresUsage() }
}
