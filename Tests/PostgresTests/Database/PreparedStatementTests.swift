import Postgres
import PostgresTesting
import Testing

@Suite(.enabled(if: TestDatabase.isAvailable))
struct PreparedStatementTests {
    @Test func `a statement whose result changed is prepared anew`() async throws {
        try await withTestDatabase(options: { $0.maximumConnections = 1 }) { client in
            try await client.query("CREATE TABLE lesson AS SELECT 1 AS id")
            #expect(try await client.query("SELECT * FROM lesson").only?.contains("title") == false)
            try await client.query("ALTER TABLE lesson ADD title text DEFAULT 'Kerning'")
            #expect(try await client.query("SELECT * FROM lesson").only?["title"] == "Kerning")
        }
    }

    @Test func `a statement whose parameter's type changed works after one error`() async throws {
        try await withTestDatabase(options: { $0.maximumConnections = 1 }) { client in
            let sql: SQL = "SELECT FROM lesson WHERE id = $1"
            try await client.query("CREATE TABLE lesson AS SELECT 1 AS id")
            try await client.query(sql, ["1"])
            try await client.query("ALTER TABLE lesson ALTER id TYPE text")
            await #expect(throws: PostgresError.self) { try await client.query(sql, ["1"]) }
            let rows = try await client.query(sql, ["1"])
            #expect(rows.count == 1)
        }
    }

    @Test func `a statement that somebody deallocated is prepared anew`() async throws {
        try await withTestDatabase(options: { $0.maximumConnections = 1 }) { client in
            let sql: SQL = "SELECT $1::int"
            try await client.query(sql, [1])
            try await client.query("DEALLOCATE ALL")
            #expect(try await client.query(sql, [2]).only?[0] == 2)
        }
    }

    @Test func `in a transaction it is an error, and the next transaction works`() async throws {
        try await withTestDatabase(options: { $0.maximumConnections = 1 }) { client in
            let sql: SQL = "SELECT $1::int"
            try await client.query(sql, [1])
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { transaction in
                    try await transaction.query("DEALLOCATE ALL")
                    try await transaction.query(sql, [2])
                }
            }
            #expect(error?.sqlState == .invalidSQLStatementName)
            let value: Int? = try await client.withTransaction { try await $0.query(sql, [3]).only?[0] }
            #expect(value == 3)
        }
    }
}
