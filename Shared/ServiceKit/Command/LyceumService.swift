public import ArgumentParser
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

    /// Commands of its own, beside those that every process has.
    static var commands: [any ParsableCommand.Type] { get }

    /// Wires the whole service; starts nothing. Tests call it as `serve` does.
    static func application(_ settings: Settings, logger: Logger) async throws -> any ApplicationProtocol
}

/// A service with a schema of its own in PostgreSQL.
public protocol DataService: LyceumService {
    /// In any order; see ``Postgres/Migrator``.
    static var migrations: [Migration] { get }

    static func database(_ settings: Settings) -> DatabaseSettings

    /// Prepares what the service keeps elsewhere than in PostgreSQL, once the migrations are applied; twice is the same as
    /// once.
    ///
    /// - Returns: the names of all that is in place now.
    static func prepareStores(_ settings: Settings, _ database: PostgresClient, logger: Logger) async throws -> [String]

    /// Puts the demonstration data in place; twice is the same as once.
    ///
    /// - Throws: ``SeedRefused`` in production.
    static func seed(_ settings: Settings, _ database: PostgresClient, logger: Logger) async throws
}

extension LyceumService {
    public static var commands: [any ParsableCommand.Type] { [] }

    /// For a command of its own: what it needs of the settings, from the environment, and a logger as they say.
    ///
    /// - Throws: `ExitCode` 78 when one of them is missing or invalid.
    public static func settings<Part: ServiceSettings>(_: Part.Type) throws -> (Part, Logger) {
        let settings = try Part.fromEnvironment()
        return (settings, Observability.bootstrap(service: name, settings.process))
    }
}

extension DataService {
    public static func prepareStores(
        _ settings: Settings, _ database: PostgresClient, logger: Logger
    ) async throws -> [String] { [] }

    /// For the length of a command: the settings from the environment, and the service's database.
    ///
    /// - Throws: `ExitCode` 78 when settings are missing or invalid, and what `body` throws.
    public static func withDatabase<Value: Sendable>(
        _ body: (Settings, PostgresClient, Logger) async throws -> Value
    ) async throws -> Value {
        let settings = try Settings.fromEnvironment()
        let logger = Observability.bootstrap(service: name, settings.process)
        let options = database(settings).options(applicationName: name)
        return try await PostgresClient.withClient(options, logger: logger) { client in
            try await body(settings, client, logger)
        }
    }
}

/// Why `seed` did nothing.
public struct SeedRefused: Error, CustomStringConvertible {
    public init() {}

    public var description: String {
        "seed makes demo accounts with a public password; it is refused with LYCEUM_MODE=production"
    }
}
