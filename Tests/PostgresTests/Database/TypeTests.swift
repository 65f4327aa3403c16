import FoundationEssentials
import Postgres
import PostgresTesting
import Testing

@Suite(.enabled(if: TestDatabase.isAvailable))
struct TypeTests {
    /// Sends a value as a parameter of the type that `sql` says, and reads it back.
    private func roundTrip<Value: PostgresEncodable & PostgresDecodable & Equatable>(
        _ values: [Value], _ sql: SQL, location: SourceLocation = #_sourceLocation
    ) async throws {
        try await withTestDatabase { client in
            for value in values {
                let row = try #require(try await client.query(sql, [value]).only)
                #expect(try row[0] == value, sourceLocation: location)
            }
        }
    }

    @Test func `integers come back, to their limits`() async throws {
        try await roundTrip([0, -1, Int.max, Int.min], "SELECT $1::int8")
        try await roundTrip([0, -1, Int32.max, Int32.min], "SELECT $1::int4")
        try await roundTrip([Int64.max, Int64.min], "SELECT $1::int8")
        try await roundTrip([0, 32_767, -32_768], "SELECT $1::int2")
    }

    @Test func `floating point comes back bit by bit`() async throws {
        let values = [0.1, -0.0, 1e-300, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity, -.infinity]
        try await roundTrip(values, "SELECT $1::float8")
    }

    @Test func `text of all kinds comes back`() async throws {
        let texts = ["", "Grüße", "日本語 العربية", "👩‍🏫", "a\u{1}b", #"'; DROP TABLE lesson; --"#, "e\u{301}"]
        try await roundTrip(texts, "SELECT $1::text")
        try await roundTrip(texts, "SELECT $1::varchar")
        try await roundTrip(["MiXed"], "SELECT $1::citext")
        try await roundTrip([#"{"a": [1, null]}"#], "SELECT $1::json")
        try await roundTrip([#"{"a": [1, null]}"#], "SELECT $1::jsonb")
    }

    @Test func `booleans, identifiers and bytes come back`() async throws {
        try await roundTrip([true, false], "SELECT $1::bool")
        try await roundTrip([UUID(), UUID()], "SELECT $1::uuid")
        try await roundTrip(
            [[], [0, 255, 10, 92], Array(repeating: 7, count: 100_000)] as [[UInt8]], "SELECT $1::bytea")
        try await roundTrip([Data(), Data([0, 1, 2])], "SELECT $1::bytea")
    }

    @Test func `NULL comes back as nil, of each type`() async throws {
        try await roundTrip([nil, 1], "SELECT $1::int8")
        try await roundTrip([nil, "a"], "SELECT $1::text")
        try await roundTrip([nil, [1, 2]] as [[UInt8]?], "SELECT $1::bytea")
    }

    @Test func `arrays come back, with quotes and NULLs`() async throws {
        let texts = ["", "NULL", #"say "hi""#, #"back\slash"#, "{a,b}", "ß ☃\n"]
        try await roundTrip([[], texts], "SELECT $1::text[]")
        try await roundTrip([["a", nil, "c"]], "SELECT $1::text[]")
        try await roundTrip([[], [1, -2, Int.max]], "SELECT $1::int8[]")
        try await roundTrip([[UUID(), UUID()]], "SELECT $1::uuid[]")
        try await roundTrip([[Data([0, 92]), Data()]], "SELECT $1::bytea[]")
    }

    @Test(arguments: [
        (0.0, "1970-01-01 00:00:00"),
        (1_709_251_199.25, "2024-02-29 23:59:59.25"),
        (253_402_300_800, "10000-01-01 00:00:00"),
        (9_190_000_000_000, "293189-07-04 17:46:40"),
        (-62_135_596_801, "0001-12-31 23:59:59 BC"),
        (-210_866_803_200, "4714-11-24 00:00:00 BC"),
    ])
    func `dates mean the same moment to the server, and come back`(seconds: Double, text: String) async throws {
        try await withTestDatabase { client in
            let date = Date(timeIntervalSince1970: seconds)
            let sql: SQL = "SELECT $1::timestamptz, ($1::timestamptz AT TIME ZONE 'UTC')::text"
            let row = try #require(try await client.query(sql, [date]).only)
            #expect(try row[0] == date)
            #expect(try row[1] == text)
        }
    }

    @Test func `a date beyond the server's range is refused`() async throws {
        try await withTestDatabase { client in
            for seconds in [1e13, -1e13, .infinity * 0] {
                await #expect(throws: PostgresError.self) {
                    try await client.query("SELECT $1::timestamptz", [Date(timeIntervalSince1970: seconds)])
                }
            }
        }
    }

    @Test func `days and local times are read as UTC`() async throws {
        try await withTestDatabase { client in
            let row = try #require(
                try await client.query("SELECT date '2000-01-02', timestamp '1999-12-31 23:59:58.5'").only)
            #expect(try row[0] == Date(timeIntervalSince1970: 946_771_200))
            #expect(try row[1] == Date(timeIntervalSince1970: 946_684_798.5))
        }
    }

    @Test func `sums and averages, which are numeric, become numbers`() async throws {
        try await withTestDatabase { client in
            let row = try #require(
                try await client.query(
                    """
                    SELECT sum(n) AS sum, avg(n) AS avg, -9223372036854775808::numeric AS least, 1e20::numeric AS large,
                        0::numeric AS zero, 0.000001::numeric AS small, 120000::numeric AS round
                    FROM generate_series(1::int8, 4) AS n
                    """
                ).only)
            #expect(try row["sum"] == 10)
            #expect(try row["avg"] == 2.5)
            #expect(try row["least"] == Int.min)
            #expect(try row["large"] == 1e20)
            #expect(try row["zero"] == 0)
            #expect(try row["small"] == 0.000001)
            #expect(try row["round"] == 120_000)
            #expect(throws: PostgresDecodingError.self) { let _: Int = try row["large"] }
            #expect(throws: PostgresDecodingError.self) { let _: Int = try row["avg"] }
        }
    }

    @Test func `an enumeration is read by its raw value, from text and from the database's own`() async throws {
        try await withTestDatabase { client in
            try await client.query("CREATE TYPE level AS ENUM ('easy', 'hard')")
            let row = try #require(
                try await client.query("SELECT 'easy'::text, $1::level, 'odd'::text", [Level.hard]).only)
            #expect(try row[0] == Level.easy)
            #expect(try row[1] == Level.hard)
            #expect(throws: PostgresDecodingError.self) { let _: Level = try row[2] }
        }
    }
}
