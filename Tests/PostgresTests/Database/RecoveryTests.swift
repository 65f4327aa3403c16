import Logging
import Postgres
import PostgresTesting
import Testing

@Suite(.enabled(if: TestDatabase.isAvailable))
struct RecoveryTests {
    /// Ends the sessions that call themselves `name`, as an administrator or a restart would.
    private func terminate(_ name: String) async throws {
        try await withTestDatabase { admin in
            try await admin.query(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = $1", [name])
        }
    }

    @Test func `when sessions are terminated under load, what runs fails and the pool recovers`() async throws {
        try await withTestDatabase(options: { $0.applicationName = "lyceum-terminated" }) { client in
            let running = (0..<4).map { _ in Task { try await client.query("SELECT pg_sleep(60)") } }
            #expect(try await eventually { client.usage.inFlight == 4 })
            try await terminate("lyceum-terminated")
            for task in running {
                let error = await #expect(throws: PostgresError.self) { try await task.value }
                #expect(error?.isConnectionLost == true)
            }
            // A connection that was opened to relieve the others was terminated idle; a statement may be what finds out.
            #expect(try await eventually { (try? await client.query("SELECT 1")) != nil })
            for _ in 0..<100 { try await client.query("SELECT 1") }
            #expect(try await eventually { client.usage.inFlight == 0 })
        }
    }

    @Test func `sessions that were terminated while idle are not noticed`() async throws {
        try await withTestDatabase(options: { $0.applicationName = "lyceum-idle" }) { client in
            for _ in 0..<5 {
                try await client.query("SELECT 1")
                try await terminate("lyceum-idle")
                #expect(try await eventually { client.usage.connections == 0 })
            }
            try await client.query("SELECT 1")
        }
    }

    @Test func `a transaction whose session is terminated fails, and its lease is not leaked`() async throws {
        try await withTestDatabase(options: { $0.applicationName = "lyceum-leased" }) { client in
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { transaction in
                    try await transaction.query("SELECT 1")
                    try await terminate("lyceum-leased")
                    try await transaction.query("SELECT 1")
                }
            }
            #expect(error?.isConnectionLost == true)
            #expect(try await eventually { client.usage.leased == 0 })
            try await client.withTransaction { try await $0.query("SELECT 1") }
        }
    }

    @Test func `a COPY whose session is terminated fails`() async throws {
        try await withTestDatabase(options: { $0.applicationName = "lyceum-copying" }) { client in
            try await client.query("CREATE TABLE event (id int)")
            let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
            continuation.yield(Array("1\n".utf8))
            let task = Task { try await client.copyIn("COPY event FROM STDIN", from: stream) }
            #expect(try await eventually { client.usage.leased == 1 })
            try await terminate("lyceum-copying")
            #expect(try await eventually { client.usage.leased == 0 })
            continuation.yield(Array("2\n".utf8))
            continuation.finish()
            await #expect(throws: PostgresError.self) { try await task.value }
        }
    }

    @Test(arguments: [
        "postgres://lyceum@127.0.0.1:1/nothing", "postgres://lyceum:secret@127.0.0.1:1/nothing?connect_timeout=1",
        "postgre://lyceum:secret@127.0.0.1/typo", "postgres://lyceum:secret@127.0.0.1:70000/port",
    ])
    func `without a server a statement fails in time, with the reason but no secret`(url: String) async throws {
        let options = PostgresOptions(url: url, statementTimeout: .milliseconds(300))
        try await PostgresClient.withClient(options, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) {
            client in
            let error = await #expect(throws: PostgresError.self) { try await client.query("SELECT 1") }
            #expect(error?.isConnectionLost == true)
            #expect(error?.description.contains("secret") == false)
            let isReady = await client.isReady
            #expect(!isReady)
        }
    }
}

extension PostgresError {
    fileprivate var isConnectionLost: Bool { if case .connection = self { true } else { false } }
}
