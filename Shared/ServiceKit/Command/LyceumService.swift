public import Hummingbird
public import Logging
public import Postgres

/// What makes an executable a Lyceum process. `@main` goes on a type that conforms; the commands come with it.
public protocol LyceumService: Sendable {
    associatedtype Settings: ServiceSettings

    /// The process's name in logs, metrics and health: `content`.
    static var name: String { get }
    /// One line for `--help`.
    static var summary: String { get }

    /// Wires the whole service; starts nothing. Tests call it as `serve` does.
    static func application(_ settings: Settings, logger: Logger) async throws -> any ApplicationProtocol
}

/// A service with a schema of its own in PostgreSQL.
public protocol DataService: LyceumService {
    /// In any order; see ``Postgres/Migrator``.
    static var migrations: [Migration] { get }

    static func database(_ settings: Settings) -> DatabaseSettings

    /// Puts the demonstration data in place; twice is the same as once.
    ///
    /// - Throws: ``SeedRefused`` in production.
    static func seed(_ settings: Settings, _ database: PostgresClient, logger: Logger) async throws
}

/// Why `seed` did nothing.
public struct SeedRefused: Error, CustomStringConvertible {
    public init() {}

    public var description: String {
        "seed makes demo accounts with a public password; it is refused with LYCEUM_MODE=production"
    }
}
