import Crypto
import Logging

/// Brings one schema up to date. What has been applied is kept in its table `schema_migrations`.
public struct Migrator: Sendable {
    private static let lockTimeout = Duration.seconds(600)
    private static let scriptTimeout = Duration.seconds(3600)

    private let client: PostgresClient
    private let schema: String
    private let logger: Logger

    public init(_ client: PostgresClient, schema: String, logger: Logger) {
        self.client = client
        self.schema = schema
        self.logger = logger
    }

    /// Applies what is pending, each migration in a transaction of its own, with `search_path` set to the schema and
    /// `public`. Creates the schema when it is absent. Any number of processes may call this at once: an advisory lock
    /// lets one after the other through, for which each waits up to ten minutes.
    /// - Returns: those applied now.
    /// - Throws: `MigrationError`, `PostgresError`. What was applied before stays.
    @discardableResult
    public func migrate(_ migrations: [Migration]) async throws -> [Migration] {
        // The session ends with it, and with the session the lock and whatever a script has set.
        try await client.engine.withLease(discards: true) { lease in
            try await lease.query("SELECT pg_advisory_lock($1)", [lockKey], timeout: Self.lockTimeout)
            try await createSchema(lease)
            try await lease.query(
                "CREATE TABLE IF NOT EXISTS " + history + """
                     (
                        version    bigint PRIMARY KEY,
                        name       text NOT NULL,
                        checksum   text NOT NULL,
                        applied_at timestamptz NOT NULL DEFAULT now()
                    )
                    """)
            let plan = try MigrationPlan(known: migrations, applied: applied(try await lease.query(selectApplied)))
            for migration in plan.pending {
                do {
                    try await apply(migration, lease)
                } catch let error as PostgresError {
                    throw MigrationError.failed(version: migration.version, name: migration.name, error)
                }
            }
            return plan.pending
        }
    }

    /// What `migrate` would apply now. Changes nothing.
    public func pending(_ migrations: [Migration]) async throws -> [Migration] {
        let table = try await client.query("SELECT to_regclass($1) IS NOT NULL", [history.text])
        let exists: Bool = try table.only?[0] ?? false
        let rows = exists ? try applied(try await client.query(selectApplied)) : []
        return try MigrationPlan(known: migrations, applied: rows).pending
    }

    private func apply(_ migration: Migration, _ lease: Lease) async throws {
        try await lease.query("BEGIN")
        try await lease.query("SET LOCAL search_path TO " + .identifier(schema) + ", public")
        // Lasts as long as the transaction, so it tells whether the script has ended that.
        try await lease.query("SELECT set_config('lyceum.migration', $1, true)", ["\(migration.version)"])
        try await lease.run(script: migration.sql, timeout: Self.scriptTimeout)
        let marker: String? = try await lease.query("SELECT current_setting('lyceum.migration', true)").only?[0]
        guard marker == "\(migration.version)" else {
            throw MigrationError.endsTransaction(version: migration.version, name: migration.name)
        }
        try await lease.query(
            "INSERT INTO " + history + " (version, name, checksum) VALUES ($1, $2, $3)",
            [migration.version, migration.name, migration.checksum])
        try await lease.query("COMMIT")
        logger.info(
            "migrated", metadata: ["schema": "\(schema)", "migration": "\(migration.version) \(migration.name)"])
    }

    /// Asks first, since CREATE SCHEMA IF NOT EXISTS needs the right to create even when it exists.
    private func createSchema(_ lease: Lease) async throws {
        let found = try await lease.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", [schema])
        guard found.isEmpty else { return }
        do {
            try await lease.query("CREATE SCHEMA " + .identifier(schema))
        } catch let error as PostgresError where error.sqlState == .insufficientPrivilege {
            throw MigrationError.schemaNotCreated(schema, error)
        }
    }

    private func applied(_ rows: PostgresRows) throws -> [MigrationPlan.Applied] {
        try rows.map { row in
            MigrationPlan.Applied(version: try row["version"], name: try row["name"], checksum: try row["checksum"])
        }
    }

    private var history: SQL { .identifier(schema) + ".schema_migrations" }

    private var selectApplied: SQL {
        "SELECT version, name, checksum FROM " + history + " ORDER BY version"
    }

    /// The same in every process that migrates this schema.
    private var lockKey: Int {
        SHA256.hash(data: Array("lyceum migrations of \(schema)".utf8)).prefix(8).reduce(0) { $0 << 8 | Int($1) }
    }
}
