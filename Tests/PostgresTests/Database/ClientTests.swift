import Postgres
import PostgresTesting
import Testing

@Suite(.enabled(if: TestDatabase.isAvailable))
struct ClientTests {
    @Test func `a migrated schema is there, and a row comes back by its key`() async throws {
        let migration = Migration(
            version: 1, name: "lesson", sql: "CREATE TABLE lesson (id int PRIMARY KEY, title text)")
        try await withTestDatabase(migrations: [migration]) { client in
            try await client.query("INSERT INTO lesson VALUES ($1, $2)", [1, "Ligature"])
            let row = try await client.query("SELECT id, title FROM lesson WHERE id = $1", [1]).only
            #expect(try row?["title"] == "Ligature")
        }
    }
}
