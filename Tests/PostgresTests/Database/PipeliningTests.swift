import Postgres
import PostgresTesting
import Testing

@Suite(.enabled(if: TestDatabase.isAvailable))
struct PipeliningTests {
    @Test func `a thousand statements at once share two connections, each with its own answer`() async throws {
        try await withTestDatabase(options: { $0.maximumConnections = 2 }) { client in
            let answers = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
                for number in 0..<1000 {
                    group.addTask { (number, try await client.query("SELECT $1::int * 2", [number]).only?[0] ?? -1) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(answers == Dictionary(uniqueKeysWithValues: (0..<1000).map { ($0, $0 * 2) }))
            #expect(client.usage.connections <= 2)
        }
    }

    @Test func `errors leave their neighbours alone, and undo nothing of them`() async throws {
        try await withTestDatabase(options: { $0.maximumConnections = 1 }) { client in
            try await client.query("CREATE TABLE number (n int PRIMARY KEY CHECK (n % 3 <> 0))")
            let failures = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        do {
                            try await client.query("INSERT INTO number VALUES ($1)", [number])
                            return false
                        } catch {
                            return true
                        }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(failures == 100)
            let count: Int? = try await client.query("SELECT count(*) FROM number").only?[0]
            #expect(count == 200)
        }
    }

    @Test func `more statements than the cache holds still run`() async throws {
        try await withTestDatabase(options: { $0.maximumConnections = 1 }) { client in
            for round in 0..<2 {
                for number in 0..<300 {
                    let row = try await client.query(SQL(unchecked: "SELECT \(number) + $1::int"), [round]).only
                    #expect(try row?[0] == number + round)
                }
            }
            let held: Int? = try await client.query("SELECT count(*) FROM pg_prepared_statements").only?[0]
            #expect(held ?? .max <= 257)
        }
    }

    @Test func `large answers and large parameters pass each other`() async throws {
        try await withTestDatabase(options: { $0.maximumConnections = 1 }) { client in
            let text = String(repeating: "x", count: 1_000_000)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        let answer: String? = try await client.query("SELECT $1::text || $1::text", [text]).only?[0]
                        return answer?.utf8.count ?? 0
                    }
                }
                for try await length in group { #expect(length == 2_000_000) }
            }
        }
    }

    @Test func `a slow statement does not hold up the others`() async throws {
        try await withTestDatabase(options: { $0.maximumConnections = 2 }) { client in
            // Both connections are open, so that neither is being dialled below.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<64 { group.addTask { try await client.query("SELECT 1") } }
                try await group.waitForAll()
            }
            let slow = Task { try await client.query("SELECT pg_sleep(60)") }
            #expect(try await eventually { client.usage.inFlight == 1 })
            try await Task.sleep(for: .milliseconds(20))
            let time = try await ContinuousClock().measure {
                for _ in 0..<100 { try await client.query("SELECT 1") }
            }
            #expect(time < .seconds(25))
            slow.cancel()
            await #expect(throws: CancellationError.self) { try await slow.value }
        }
    }
}
