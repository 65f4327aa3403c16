import Logging
import Postgres
import PostgresTesting
import ServiceLifecycle
import Testing

@Suite(.enabled(if: TestDatabase.isAvailable))
struct ShutdownTests {
    private func makeClient() throws -> PostgresClient {
        let url = try #require(TestDatabase.url)
        return PostgresClient(
            PostgresOptions(url: url), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func `graceful shutdown finishes what runs and waits, and takes nothing new`() async throws {
        let client = try makeClient()
        let group = ServiceGroup(configuration: .init(services: [client], logger: Logger(label: "test")))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let lock = Int.random(in: 0 ..< .max)
            let (running, transaction) = try await withTestDatabase { other in
                try await other.withTransaction { gate in
                    try await gate.query("SELECT pg_advisory_xact_lock($1)", [lock])
                    let running = Task {
                        try await client.query("SELECT 7, pg_advisory_xact_lock_shared($1)", [lock]).only?[0] ?? 0
                    }
                    let transaction = Task {
                        try await client.withTransaction { transaction in
                            try await transaction.query("SELECT pg_advisory_xact_lock_shared($1)", [lock])
                            return try await transaction.query("SELECT 8").only?[0] ?? 0
                        }
                    }
                    #expect(try await eventually { client.usage.inFlight == 2 })
                    await group.triggerGracefulShutdown()
                    return (running, transaction)
                }
            }
            #expect(try await running.value == 7)
            #expect(try await transaction.value == 8)
            try await tasks.waitForAll()
        }
        await #expect(throws: PostgresError.closed) { try await client.query("SELECT 1") }
        #expect(client.usage.inFlight == 0)
    }

    @Test func `a cancelled service ends what runs`() async throws {
        let client = try makeClient()
        let service = Task { try await client.run() }
        let running = Task { try await client.query("SELECT pg_sleep(20)") }
        #expect(try await eventually { client.usage.inFlight == 1 })
        service.cancel()
        await #expect(throws: PostgresError.closed) { try await running.value }
        try await service.value
    }

    @Test func `it is ready when the database answers`() async throws {
        let client = try makeClient()
        #expect(try await eventually { await client.isReady })
    }
}
