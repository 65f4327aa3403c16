import Logging
import Postgres
import PostgresTesting
import Testing

@Suite(.enabled(if: TestDatabase.isAvailable))
struct MigratorTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let first = Migration(
        version: 1, name: "first",
        sql: """
            CREATE TABLE lesson (id int);
            INSERT INTO lesson VALUES (1);
            CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN n * 2; END; $$;
            SELECT twice(2);
            """)
    private static let second = Migration(version: 2, name: "second", sql: "ALTER TABLE lesson ADD title text")

    /// Runs `body` with a client and a migrator of the same, empty schema.
    private func withMigrator(_ body: (PostgresClient, Migrator) async throws -> Void) async throws {
        try await withTestDatabase { client in
            let schema: String = try await client.query("SELECT current_schema()::text").only?[0] ?? ""
            try await body(client, Migrator(client, schema: schema, logger: logger))
        }
    }

    @Test func `migrations are applied once, in order, and pending ones are told`() async throws {
        try await withMigrator { client, migrator in
            #expect(try await migrator.pending([Self.first]) == [Self.first])
            #expect(try await migrator.migrate([Self.first]) == [Self.first])
            #expect(try await migrator.migrate([Self.first]) == [])
            #expect(try await migrator.pending([Self.second, Self.first]) == [Self.second])
            #expect(try await migrator.migrate([Self.second, Self.first]) == [Self.second])
            let rows = try await client.query("SELECT version, name, checksum FROM schema_migrations ORDER BY version")
            #expect(try rows.map { try $0["name"] } == ["first", "second"])
            #expect(try rows.map { try $0["checksum"] } == [Self.first.checksum, Self.second.checksum])
        }
    }

    @Test func `ten that start at once migrate once`() async throws {
        try await withMigrator { client, migrator in
            let schema: String = try await client.query("SELECT current_schema()::text").only?[0] ?? ""
            let url = try #require(TestDatabase.url)
            let applied = try await withThrowingTaskGroup(of: [Migration].self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        let options = PostgresOptions(url: url, schema: schema, maximumConnections: 2)
                        return try await PostgresClient.withClient(options, logger: logger) { client in
                            try await Migrator(client, schema: schema, logger: logger).migrate([
                                Self.first, Self.second,
                            ])
                        }
                    }
                }
                return try await group.reduce([], +)
            }
            #expect(applied == [Self.first, Self.second])
            let lessons = try await client.query("SELECT FROM lesson")
            #expect(lessons.count == 1)
        }
    }

    @Test func `a changed migration is refused, and nothing else happens`() async throws {
        try await withMigrator { client, migrator in
            try await migrator.migrate([Self.first])
            let changed = Migration(version: 1, name: "first", sql: "CREATE TABLE other (id int)")
            await #expect(throws: MigrationError.changed(version: 1, name: "first")) {
                try await migrator.migrate([changed, Self.second])
            }
            await #expect(throws: MigrationError.changed(version: 1, name: "first")) {
                try await migrator.pending([changed, Self.second])
            }
            let row = try await client.query("SELECT to_regclass('other') IS NULL").only
            #expect(try row?[0] == true)
        }
    }

    @Test func `a program that lacks an applied migration is refused`() async throws {
        try await withMigrator { _, migrator in
            try await migrator.migrate([Self.first, Self.second])
            await #expect(throws: MigrationError.missing(version: 2, name: "second")) {
                try await migrator.migrate([Self.first])
            }
        }
    }

    @Test func `a migration that fails leaves nothing, and the lock is free`() async throws {
        try await withMigrator { client, migrator in
            let broken = Migration(
                version: 2, name: "broken", sql: "CREATE TABLE half (id int); SELECT 1 / 0; SELECT 2")
            let error = await #expect(throws: MigrationError.self) { try await migrator.migrate([Self.first, broken]) }
            guard case .failed(version: 2, name: "broken", let reason) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reason.sqlState?.rawValue == "22012")
            let row = try await client.query("SELECT to_regclass('half') IS NULL").only
            #expect(try row?[0] == true)
            #expect(try await migrator.migrate([Self.first, Self.second]) == [Self.second])
        }
    }

    @Test(arguments: ["SELECT 1; COMMIT; SELECT 2", "ROLLBACK", "COMMIT; BEGIN; SELECT 1"])
    func `a migration that ends its transaction is refused`(script: String) async throws {
        try await withMigrator { _, migrator in
            let migration = Migration(version: 1, name: "rash", sql: script)
            await #expect(throws: MigrationError.endsTransaction(version: 1, name: "rash")) {
                try await migrator.migrate([migration])
            }
        }
    }

    @Test func `a schema that is absent is created`() async throws {
        try await withTestDatabase { client in
            let schema = #"Odd "name" \#(Int.random(in: 0..<1_000_000))"#
            let quoted = "\"" + schema.replacing("\"", with: "\"\"") + "\""
            try await Migrator(client, schema: schema, logger: logger).migrate([Self.first])
            let row = try await client.query(SQL(unchecked: "SELECT id FROM \(quoted).lesson")).only
            try await client.query(SQL(unchecked: "DROP SCHEMA \(quoted) CASCADE"))
            #expect(try row?[0] == 1)
        }
    }

    @Test func `COPY FROM STDIN in a script fails instead of hanging`() async throws {
        try await withMigrator { _, migrator in
            let script = Migration(
                version: 1, name: "copy", sql: "CREATE TABLE t (id int); COPY t FROM STDIN; SELECT 1")
            let error = await #expect(throws: MigrationError.self) { try await migrator.migrate([script]) }
            #expect(error?.description.contains("copyIn") == true)
        }
    }
}
