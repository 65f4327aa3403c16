import Postgres
import PostgresTesting
import Synchronization
import Testing

@Suite(.enabled(if: TestDatabase.isAvailable))
struct TransactionTests {
    private static let account = Migration(
        version: 1, name: "account",
        sql:
            "CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL); INSERT INTO account VALUES (1, 100), (2, 100)"
    )

    private struct Refused: Error {}

    private func balance(_ id: Int, _ executor: some PostgresExecutor) async throws -> Int {
        try await executor.query("SELECT balance FROM account WHERE id = $1", [id]).only?["balance"] ?? -1
    }

    private func add(_ amount: Int, to id: Int, _ executor: some PostgresExecutor) async throws {
        try await executor.query("UPDATE account SET balance = balance + $1 WHERE id = $2", [amount, id])
    }

    @Test func `it commits when the body returns`() async throws {
        try await withTestDatabase(migrations: [Self.account]) { client in
            try await client.withTransaction { transaction in
                try await add(-30, to: 1, transaction)
                #expect(try await balance(1, client) == 100)
                try await add(30, to: 2, transaction)
            }
            #expect(try await balance(1, client) == 70)
            #expect(try await balance(2, client) == 130)
            #expect(client.usage.leased == 0)
        }
    }

    @Test func `it rolls back when the body throws, and its locks are gone`() async throws {
        try await withTestDatabase(migrations: [Self.account]) { client in
            await #expect(throws: Refused.self) {
                try await client.withTransaction { transaction in
                    try await add(-30, to: 1, transaction)
                    throw Refused()
                }
            }
            #expect(try await balance(1, client) == 100)
            try await client.query("SELECT FROM account FOR UPDATE NOWAIT")
        }
    }

    @Test func `a body that swallows an error does not commit silently`() async throws {
        try await withTestDatabase(migrations: [Self.account]) { client in
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { transaction in
                    try await add(1, to: 1, transaction)
                    do { try await transaction.query("SELECT 1 / 0") } catch {}
                }
            }
            #expect(error?.sqlState?.rawValue == "22012")
            let after = try await balance(1, client)
            #expect(after == 100)
        }
    }

    @Test func `a savepoint undoes only its part`() async throws {
        try await withTestDatabase(migrations: [Self.account]) { client in
            try await client.withTransaction { transaction in
                try await add(1, to: 1, transaction)
                await #expect(throws: PostgresError.self) {
                    try await transaction.savepoint {
                        try await add(1, to: 2, transaction)
                        try await transaction.query("SELECT 1 / 0")
                    }
                }
                try await transaction.savepoint { try await add(5, to: 1, transaction) }
            }
            #expect(try await balance(1, client) == 106)
            #expect(try await balance(2, client) == 100)
        }
    }

    @Test func `a read-only transaction refuses to write`() async throws {
        try await withTestDatabase(migrations: [Self.account]) { client in
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction(readOnly: true) { try await add(1, to: 1, $0) }
            }
            #expect(error?.sqlState == .readOnlySQLTransaction)
        }
    }

    @Test func `a serialization failure runs the whole body again`() async throws {
        try await withTestDatabase(migrations: [Self.account]) { client in
            let runs = Counter()
            try await client.withTransaction(isolation: .repeatableRead, retries: 3) { transaction in
                let seen = try await balance(1, transaction)
                if runs.increment() == 1 { try await add(7, to: 1, client) }
                try await transaction.query("UPDATE account SET balance = $1 WHERE id = 1", [seen * 2])
            }
            #expect(runs.value == 2)
            #expect(try await balance(1, client) == 214)
        }
    }

    @Test func `without retries, a serialization failure is thrown`() async throws {
        try await withTestDatabase(migrations: [Self.account]) { client in
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction(isolation: .serializable) { transaction in
                    let seen = try await balance(1, transaction)
                    try await add(7, to: 1, client)
                    try await transaction.query("UPDATE account SET balance = $1 WHERE id = 1", [seen * 2])
                }
            }
            #expect(error?.sqlState == .serializationFailure)
        }
    }

    @Test func `of two transactions in deadlock, both succeed in the end`() async throws {
        try await withTestDatabase(migrations: [Self.account]) { client in
            let met = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (first, second) in [(1, 2), (2, 1)] {
                    group.addTask {
                        try await client.withTransaction(retries: 30) { transaction in
                            try await add(1, to: first, transaction)
                            met.increment()
                            _ = try await eventually { met.value >= 2 }
                            try await add(1, to: second, transaction)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(met.value > 2)
            #expect(try await balance(1, client) == 102)
            #expect(try await balance(2, client) == 102)
        }
    }

    @Test func `more transactions than connections take their turn, and single statements are served between`()
        async throws
    {
        try await withTestDatabase(migrations: [Self.account], options: { $0.maximumConnections = 3 }) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await client.withTransaction { try await add(1, to: 1, $0) } }
                    group.addTask { _ = try await balance(2, client) }
                }
                try await group.waitForAll()
            }
            #expect(try await balance(1, client) == 120)
            #expect(client.usage.connections <= 3)
        }
    }

    @Test func `a single statement is served while transactions hold all they may`() async throws {
        try await withTestDatabase(migrations: [Self.account], options: { $0.maximumConnections = 2 }) { client in
            let value = try await client.withTransaction { _ in try await balance(1, client) }
            #expect(value == 100)
        }
    }

    @Test func `a transaction that escaped is of no use`() async throws {
        try await withTestDatabase(migrations: [Self.account]) { client in
            let escaped = Mutex<PostgresTransaction?>(nil)
            try await client.withTransaction { transaction in escaped.withLock { $0 = transaction } }
            let transaction = try #require(escaped.withLock { $0 })
            await #expect(throws: PostgresError.self) { try await add(1, to: 1, transaction) }
            #expect(try await balance(1, client) == 100)
        }
    }
}
