import FoundationEssentials
import Postgres
import PostgresTesting
import Testing

@Suite(.enabled(if: TestDatabase.isAvailable))
struct DecodingErrorTests {
    private func error<Value: PostgresDecodable>(_ sql: SQL, _ type: Value.Type, column: String = "c") async throws
        -> String?
    {
        try await withTestDatabase { client in
            let row = try #require(try await client.query(sql).only)
            do {
                let _: Value = try row[column]
                return nil
            } catch {
                return "\(error)"
            }
        }
    }

    @Test func `an absent column is named`() async throws {
        #expect(try await error("SELECT 1 AS c", Int.self, column: "titel") == "no column titel to decode as Int")
    }

    @Test func `NULL is told apart from another type`() async throws {
        let text = try await error("SELECT NULL::text AS c", String.self)
        #expect(text == "column c (text) is NULL and can't be decoded as String")
    }

    @Test func `the types on both sides are named`() async throws {
        #expect(try await error("SELECT 'a'::text AS c", Int.self) == "column c (text) can't be decoded as Int")
        #expect(try await error("SELECT 1 AS c", String.self) == "column c (int4) can't be decoded as String")
        #expect(try await error("SELECT 1 AS c", UUID.self) == "column c (int4) can't be decoded as UUID")
        #expect(
            try await error("SELECT '{1}'::int4[] AS c", [String].self) == "column c (int4) can't be decoded as String")
        #expect(try await error("SELECT 5::int8 AS c", [Int].self)?.contains("column c (int8)") == true)
    }

    @Test func `a value that does not fit is refused, not truncated`() async throws {
        let text = try await error("SELECT 4294967296 AS c", Int32.self)
        #expect(text == "column c (int8) holds a value that Int32 can't represent")
        #expect(try await error("SELECT 'infinity'::timestamptz AS c", Date.self) != nil)
    }

    @Test func `an index beyond the row is an error, not a trap`() async throws {
        try await withTestDatabase { client in
            let row = try #require(try await client.query("SELECT 1 AS c").only)
            #expect(throws: PostgresDecodingError.self) { let _: Int = try row[1] }
            #expect(row.contains("c"))
            #expect(!row.contains("d"))
        }
    }
}
