import Logging
public struct Migrator: Sendable {
    public init(_ client: PostgresClient, schema: String, logger: Logger) {}
    public func migrate(_ migrations: [Migration]) async throws -> [Migration] { [] }
    public func pending(_ migrations: [Migration]) async throws -> [Migration] { migrations }
}
