import Postgres
import PostgresTesting
import Testing

@Suite(.enabled(if: TestDatabase.isAvailable))
struct TaskCancellationTests {
    @Test func `a cancelled task ends at once, and its statement at the server`() async throws {
        try await withTestDatabase { client in
            let task = Task { try await client.query("SELECT pg_sleep(19)") }
            #expect(try await eventually { client.usage.inFlight == 1 })
            let time = await ContinuousClock().measure {
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            #expect(time < .seconds(15))
            #expect(try await eventually { client.usage.inFlight == 0 })
            let running = try await client.query(
                "SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(19)%' AND state = 'active'")
            #expect(running.isEmpty)
        }
    }

    @Test func `a task that was cancelled before asks nothing`() async throws {
        try await withTestDatabase { client in
            try await client.query("CREATE TABLE note (n int)")
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await client.query("INSERT INTO note VALUES (1)")
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            let notes = try await client.query("SELECT FROM note")
            #expect(notes.isEmpty)
        }
    }

    @Test func `a cancelled statement takes no neighbour along`() async throws {
        try await withTestDatabase(options: { $0.maximumConnections = 1 }) { client in
            for _ in 0..<20 {
                let slow = Task { try await client.query("SELECT pg_sleep(0.05)") }
                let neighbours = (0..<10).map { number in
                    Task { () -> Int? in try await client.query("SELECT $1::int", [number]).only?[0] }
                }
                // Long enough for all to be sent, mostly.
                try await Task.sleep(for: .milliseconds(2))
                slow.cancel()
                _ = await slow.result
                for (number, task) in neighbours.enumerated() {
                    let answer = try await task.value
                    #expect(answer == number)
                }
            }
        }
    }

    @Test func `a cancelled transaction rolls back and gives its connection back`() async throws {
        try await withTestDatabase(options: { $0.maximumConnections = 2 }) { client in
            try await client.query("CREATE TABLE note (n int)")
            let task = Task {
                try await client.withTransaction { transaction in
                    try await transaction.query("INSERT INTO note VALUES (1)")
                    try await transaction.query("SELECT pg_sleep(20)")
                }
            }
            #expect(try await eventually { client.usage.leased == 1 && client.usage.inFlight == 1 })
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await eventually { client.usage.leased == 0 })
            let notes = try await client.query("SELECT FROM note")
            #expect(notes.isEmpty)
        }
    }

    @Test func `thousands of cancellations at any moment leak nothing`() async throws {
        let name = "lyceum-cancelled-\(UInt32.random(in: 0 ... .max))"
        func configure(_ options: inout PostgresOptions) {
            options.maximumConnections = 4
            options.applicationName = name
        }
        try await withTestDatabase(options: configure) { client in
            try await client.query("CREATE TABLE note (n int)")
            let payload = Array("1\n2\n3\n".utf8)
            for _ in 0..<20 {
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<150 {
                        group.addTask { await cancelSomewhere(client, number, payload) }
                    }
                }
            }
            #expect(
                try await eventually {
                    let usage = client.usage
                    return usage.leased == 0 && usage.queued == 0 && usage.inFlight == 0
                })
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let answer: Int? = try await client.query("SELECT $1::int", [number]).only?[0]
                        #expect(answer == number)
                    }
                }
                try await group.waitForAll()
            }
            let sessions = try await client.query(
                "SELECT FROM pg_stat_activity WHERE application_name = $1 AND state = 'idle in transaction'", [name])
            #expect(sessions.isEmpty)
        }
    }

    /// Begins something and cancels it after a random while, of which both may win.
    private func cancelSomewhere(_ client: PostgresClient, _ number: Int, _ payload: [UInt8]) async {
        let task = Task {
            switch number % 4 {
            case 0: try await client.query("SELECT pg_sleep(0.002)")
            case 1: try await client.query("INSERT INTO note VALUES ($1)", [number])
            case 2:
                try await client.withTransaction { transaction in
                    try await transaction.query("INSERT INTO note VALUES ($1)", [number])
                    try await transaction.query("SELECT pg_sleep(0.001)")
                }
            default:
                let source = AsyncStream { continuation in
                    for _ in 0..<5 { continuation.yield(payload) }
                    continuation.finish()
                }
                try await client.copyIn("COPY note FROM STDIN", from: source)
                for try await _ in client.copyOut("COPY note TO STDOUT") {}
            }
        }
        do {
            try await Task.sleep(for: .microseconds(Int.random(in: 0...8000)))
        } catch {
            Issue.record(error)
        }
        task.cancel()
        switch await task.result {
        case .success: break
        case .failure(let error):
            #expect(error is CancellationError || error is PostgresError, "\(error)")
        }
    }
}
