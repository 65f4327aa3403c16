import FoundationEssentials
import Logging
import Postgres

/// The database that tests may use: `TEST_DATABASE_URL`, a role that may create schemas.
public enum TestDatabase {
    public static var url: String? { ProcessInfo.processInfo.environment["TEST_DATABASE_URL"] }

    /// For `.enabled(if: TestDatabase.isAvailable)`.
    public static var isAvailable: Bool { url != nil }

    public struct Unavailable: Error {}
}

/// Runs `body`, when there is room, with a client whose `search_path` starts with a new schema, migrated, which is dropped after.
/// - Parameter options: changes what it likes but `url` and `schema`.
@discardableResult
public func withTestDatabase<Value>(
    migrations: [Migration] = [], options change: (inout PostgresOptions) -> Void = { _ in },
    _ body: (PostgresClient) async throws -> Value
) async throws -> Value {
    guard let url = TestDatabase.url else { throw TestDatabase.Unavailable() }
    var logger = Logger(label: "test")
    logger.logLevel = .error
    let schema = "test_" + UUID().uuidString.lowercased().filter { $0 != "-" }
    var options = PostgresOptions(url: url, schema: schema, applicationName: "lyceum-tests")
    options.statementTimeout = .seconds(30)  // suites run in parallel, on machines that may be busy
    change(&options)

    let admin = PostgresOptions(
        url: url, applicationName: "lyceum-tests", maximumConnections: 1, statementTimeout: .seconds(30))
    return try await TestDatabaseGate.shared.pass {
        try await PostgresClient.withClient(admin, logger: logger) { admin in
            try await admin.query(SQL(unchecked: "CREATE SCHEMA \(schema)"))
            do {
                let value = try await PostgresClient.withClient(options, logger: logger) { client in
                    try await Migrator(client, schema: schema, logger: logger).migrate(migrations)
                    return try await body(client)
                }
                try await admin.query(SQL(unchecked: "DROP SCHEMA \(schema) CASCADE"), timeout: .seconds(60))
                return value
            } catch {
                try await admin.query(SQL(unchecked: "DROP SCHEMA \(schema) CASCADE"), timeout: .seconds(60))
                throw error
            }
        }
    }
}
