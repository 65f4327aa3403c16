import Postgres
import PostgresTesting
import Testing

@Suite(.enabled(if: TestDatabase.isAvailable))
struct CopyTests {
    private static let event = Migration(
        version: 1, name: "event", sql: "CREATE TABLE event (id int PRIMARY KEY, note text)")

    private struct SourceFailed: Error {}

    /// Rows from `first` on, a thousand a chunk.
    private func rows(_ range: Range<Int>, failingAt failure: Int? = nil) -> some AsyncSequence<[UInt8], any Error>
        & Sendable
    {
        let (chunks, continuation) = AsyncStream.makeStream(of: Range<Int>.self)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 1000) {
            continuation.yield(start..<min(start + 1000, range.upperBound))
        }
        continuation.finish()
        return chunks.map { ids in
            if let failure, ids.contains(failure) { throw SourceFailed() }
            var writer = CopyTextWriter()
            for id in ids { writer.append([id, id % 10 == 0 ? String?.none : "note\t\(id)"]) }
            return writer.take()
        }
    }

    private func count(_ executor: some PostgresExecutor) async throws -> Int {
        try await executor.query("SELECT count(*) FROM event").only?[0] ?? -1
    }

    @Test func `a hundred thousand rows go in and come out`() async throws {
        try await withTestDatabase(migrations: [Self.event]) { client in
            #expect(try await client.copyIn("COPY event FROM STDIN", from: rows(0..<100_000)) == 100_000)
            let missing: Int? = try await client.query("SELECT count(*) FROM event WHERE note IS NULL").only?[0]
            #expect(missing == 10_000)

            var (lines, bytes, largest) = (0, 0, 0)
            for try await chunk in client.copyOut("COPY (SELECT * FROM event ORDER BY id) TO STDOUT") {
                #expect(chunk.last == UInt8(ascii: "\n"))
                lines += chunk.count { $0 == UInt8(ascii: "\n") }
                bytes += chunk.count
                largest = max(largest, chunk.count)
            }
            #expect(lines == 100_000)
            #expect(bytes > 1_500_000)
            #expect(largest < 100_000)
            #expect(try await eventually { client.usage.leased == 0 })
        }
    }

    @Test func `a source that fails leaves nothing behind`() async throws {
        try await withTestDatabase(migrations: [Self.event]) { client in
            await #expect(throws: SourceFailed.self) {
                try await client.copyIn("COPY event FROM STDIN", from: rows(0..<50_000, failingAt: 30_000))
            }
            #expect(try await eventually { client.usage.leased == 0 })
            let after = try await count(client)
            #expect(after == 0)
        }
    }

    @Test func `a task cancelled while its source pauses leaves nothing behind`() async throws {
        try await withTestDatabase(migrations: [Self.event]) { client in
            let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
            continuation.yield(Array("1\ta\n".utf8))
            let task = Task { try await client.copyIn("COPY event FROM STDIN", from: stream) }
            #expect(try await eventually { client.usage.leased == 1 })
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await eventually { client.usage.leased == 0 })
            let after = try await count(client)
            #expect(after == 0)
        }
    }

    @Test func `what the server refuses is an error with its SQLSTATE, and nothing stays`() async throws {
        try await withTestDatabase(migrations: [Self.event]) { client in
            try await client.query("INSERT INTO event VALUES (70000, 'here before')")
            let error = await #expect(throws: PostgresError.self) {
                try await client.copyIn("COPY event FROM STDIN", from: rows(0..<100_000))
            }
            #expect(error?.constraintViolated == "event_pkey")
            let wrong = await #expect(throws: PostgresError.self) {
                try await client.copyIn("COPY nothing FROM STDIN", from: rows(0..<1))
            }
            #expect(wrong?.sqlState == .undefinedTable)
            let after = try await count(client)
            #expect(after == 1)
            #expect(try await eventually { client.usage.leased == 0 })
        }
    }

    @Test func `a loop that is left early ends the COPY`() async throws {
        try await withTestDatabase(migrations: [Self.event], options: { $0.maximumConnections = 1 }) { client in
            for _ in 0..<5 {
                for try await chunk in client.copyOut("COPY (SELECT generate_series(1, 1000000)) TO STDOUT") {
                    #expect(!chunk.isEmpty)
                    break
                }
                try await client.query("SELECT 1")
            }
            #expect(client.usage.leased == 0)
        }
    }

    @Test func `the server waits for a slow reader`() async throws {
        try await withTestDatabase { client in
            var iterator = client.copyOut("COPY (SELECT repeat('x', 1000) FROM generate_series(1, 50000)) TO STDOUT")
                .makeAsyncIterator()
            var bytes = try await iterator.next()?.count ?? 0
            // It has filled the sockets' buffers and waits there, far from the end.
            let isWaiting = try await eventually {
                try await client.query(
                    "SELECT FROM pg_stat_activity WHERE wait_event = 'ClientWrite' AND query LIKE 'COPY (SELECT repeat%'"
                ).count == 1
            }
            #expect(isWaiting)
            while let chunk = try await iterator.next() { bytes += chunk.count }
            #expect(bytes == 50_050_000)
        }
    }

    @Test func `an error in the middle of a COPY out is thrown`() async throws {
        try await withTestDatabase { client in
            let error = await #expect(throws: PostgresError.self) {
                for try await _ in client.copyOut(
                    "COPY (SELECT 1 / (50000 - n) FROM generate_series(1, 60000) AS n) TO STDOUT")
                {}
            }
            #expect(error?.sqlState?.rawValue == "22012")
            try await client.query("SELECT 1")
        }
    }

    @Test func `in a transaction COPY is part of it`() async throws {
        try await withTestDatabase(migrations: [Self.event]) { client in
            try await client.withTransaction { transaction in
                try await transaction.copyIn("COPY event FROM STDIN", from: rows(0..<10))
                #expect(try await count(transaction) == 10)
                var lines = 0
                for try await chunk in transaction.copyOut("COPY event TO STDOUT") { lines += chunk.count { $0 == 10 } }
                #expect(lines == 10)
            }
            await #expect(throws: SourceFailed.self) {
                try await client.withTransaction { transaction in
                    try await transaction.copyIn("COPY event FROM STDIN", from: rows(10..<5000))
                    throw SourceFailed()
                }
            }
            let after = try await count(client)
            #expect(after == 10)
        }
    }

    @Test func `a statement that is no COPY is an error`() async throws {
        try await withTestDatabase(migrations: [Self.event]) { client in
            await #expect(throws: PostgresError.self) { try await client.copyIn("SELECT 1", from: rows(0..<10)) }
            await #expect(throws: PostgresError.self) {
                try await client.copyIn("COPY event TO STDOUT", from: rows(0..<10))
            }
            await #expect(throws: PostgresError.self) { for try await _ in client.copyOut("COPY event FROM STDIN") {} }
            await #expect(throws: PostgresError.self) { for try await _ in client.copyOut("SELECT 1") {} }
            #expect(try await eventually { client.usage.leased == 0 })
            try await client.query("SELECT 1")
        }
    }
}
