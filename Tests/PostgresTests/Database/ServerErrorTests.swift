import Postgres
import PostgresTesting
import Testing

@Suite(.enabled(if: TestDatabase.isAvailable))
struct ServerErrorTests {
    private static let schema = Migration(
        version: 1, name: "schema",
        sql: """
            CREATE TABLE course (id int PRIMARY KEY, title text NOT NULL, hours int CONSTRAINT hours_positive CHECK (hours > 0));
            CREATE TABLE lesson (
                course_id int CONSTRAINT lesson_course REFERENCES course DEFERRABLE INITIALLY DEFERRED
            );
            INSERT INTO course VALUES (1, 'Typography', 3);
            """)

    @Test(arguments: [
        ("INSERT INTO course VALUES (1, 'again', 1)", PostgresSQLState.uniqueViolation, "course_pkey" as String?),
        ("INSERT INTO course VALUES (2, NULL, 1)", .notNullViolation, nil),
        ("INSERT INTO course VALUES (2, 'b', 0)", .checkViolation, "hours_positive"),
        ("INSERT INTO lesson VALUES (9)", .foreignKeyViolation, "lesson_course"),
        ("SELECT * FROM nothing", .undefinedTable, nil),
        ("SELEC 1", .syntaxError, nil),
        ("SELECT 1; SELECT 2", .syntaxError, nil),
        ("INSERT INTO course VALUES (99999999999, 'b', 1)", .numericValueOutOfRange, nil),
    ])
    func `errors carry their SQLSTATE and constraint`(sql: String, state: PostgresSQLState, constraint: String?)
        async throws
    {
        try await withTestDatabase(migrations: [Self.schema]) { client in
            let error = await #expect(throws: PostgresError.self) { try await client.query(SQL(unchecked: sql)) }
            #expect(error?.sqlState == state)
            #expect(error?.constraintViolated == constraint)
            // The same statement again, now that it is or is not prepared.
            await #expect(throws: error ?? .closed) { try await client.query(SQL(unchecked: sql)) }
        }
    }

    @Test func `not-null names table and column`() async throws {
        try await withTestDatabase(migrations: [Self.schema]) { client in
            let error = await #expect(throws: PostgresError.self) {
                try await client.query("INSERT INTO course VALUES (2)")
            }
            guard case .server(let report) = error else { return }
            #expect(report.table == "course")
            #expect(report.column == "title")
        }
    }

    @Test func `a description quotes no values`() async throws {
        try await withTestDatabase(migrations: [Self.schema]) { client in
            try await client.query("CREATE TABLE account (email text PRIMARY KEY)")
            try await client.query("INSERT INTO account VALUES ($1)", ["a@example.org"])
            let error = await #expect(throws: PostgresError.self) {
                try await client.query("INSERT INTO account VALUES ($1)", ["a@example.org"])
            }
            #expect(error?.description.contains("a@example.org") == false)
            #expect(error?.description.contains("account_pkey") == true)
        }
    }

    @Test func `affected rows are counted`() async throws {
        try await withTestDatabase(migrations: [Self.schema]) { client in
            let updated = try await client.query("UPDATE course SET hours = $1", [4])
            let deleted = try await client.query("DELETE FROM course WHERE id = $1", [7])
            #expect(updated.affectedRows == 1)
            #expect(deleted.affectedRows == 0)
        }
    }

    @Test func `COPY by way of query fails, and the client goes on`() async throws {
        try await withTestDatabase(migrations: [Self.schema]) { client in
            await #expect(throws: PostgresError.self) { try await client.query("COPY course FROM STDIN") }
            await #expect(throws: PostgresError.self) { try await client.query("COPY course TO STDOUT") }
            let rows = try await client.query("SELECT FROM course")
            #expect(rows.count == 1)
        }
    }
}
