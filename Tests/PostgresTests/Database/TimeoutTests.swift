import Logging
import Postgres
import PostgresTesting
import Testing

@Suite(.enabled(if: TestDatabase.isAvailable))
struct TimeoutTests {
    @Test func `a statement that takes too long fails in time, and is cancelled at the server`() async throws {
        try await withTestDatabase { client in
            let time = await ContinuousClock().measure {
                await #expect(throws: PostgresError.timeout) {
                    try await client.query("SELECT pg_sleep(21)", timeout: .milliseconds(100))
                }
            }
            #expect(time < .seconds(15))
            let isCancelled = try await eventually {
                try await client.query(
                    "SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(21)%' AND state = 'active'"
                ).isEmpty
            }
            #expect(isCancelled)
            #expect(try await eventually { client.usage.inFlight == 0 })
        }
    }

    @Test func `the wait in the queue counts`() async throws {
        try await withTestDatabase(options: { $0.maximumConnections = 1 }) { client in
            try await client.withTransaction { _ in
                await #expect(throws: PostgresError.timeout) {
                    try await client.query("SELECT 1", timeout: .milliseconds(50))
                }
                await #expect(throws: PostgresError.timeout) {
                    try await client.query("SELECT 1", timeout: .zero)
                }
            }
            #expect(client.usage.queued == 0)
            try await client.query("SELECT 1")
        }
    }

    @Test func `the client's own limit holds where none is given`() async throws {
        let options = PostgresOptions(url: try #require(TestDatabase.url), statementTimeout: .milliseconds(300))
        try await PostgresClient.withClient(options, logger: Logger(label: "test")) { client in
            await #expect(throws: PostgresError.timeout) { try await client.query("SELECT pg_sleep(20)") }
        }
    }

    @Test func `in a transaction a late statement fails, and its locks are gone soon`() async throws {
        try await withTestDatabase { client in
            try await client.query("CREATE TABLE lesson AS SELECT 1 AS id")
            await #expect(throws: PostgresError.timeout) {
                try await client.withTransaction { transaction in
                    try await transaction.query("SELECT FROM lesson FOR UPDATE")
                    try await transaction.query("SELECT pg_sleep(20)", timeout: .milliseconds(100))
                }
            }
            try await client.query("SELECT FROM lesson FOR UPDATE", timeout: .seconds(9))
            #expect(try await eventually { client.usage.leased == 0 })
        }
    }

    @Test func `beyond the limit of the queue, statements are refused at once`() async throws {
        let change = { (options: inout PostgresOptions) in
            options.maximumConnections = 1
            options.maximumQueued = 5
        }
        try await withTestDatabase(options: change) { client in
            try await client.withTransaction { _ in
                let outcomes = await withTaskGroup(of: PostgresError?.self) { group in
                    for _ in 0..<20 {
                        group.addTask {
                            do {
                                try await client.query("SELECT 1", timeout: .milliseconds(200))
                                return nil
                            } catch {
                                return error as? PostgresError
                            }
                        }
                    }
                    return await group.reduce(into: [PostgresError?]()) { $0.append($1) }
                }
                #expect(outcomes.count { $0 == .overloaded } == 15)
                #expect(outcomes.count { $0 == .timeout } == 5)
            }
        }
    }
}
