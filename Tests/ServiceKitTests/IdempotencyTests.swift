import Hummingbird
import HummingbirdTesting
import NIOConcurrencyHelpers
import PostgresTesting
import Testing

@testable import ServiceKit

@Suite("A POST with an Idempotency-Key", .enabled(if: TestDatabase.isAvailable))
struct IdempotencyTests {
    /// Counts how often its handler ran; fails as often as `failures` says first.
    private func counting(_ runs: NIOLockedValueBox<Int>, failures: Int = 0) -> Route {
        Route(.post, "/count", .anyone) { _, _ in
            let run = runs.withLockedValue { runs in
                runs += 1
                return runs
            }
            guard run > failures else { throw HTTPProblem.unavailable() }
            return try .created(["run": run], at: "/count/\(run)")
        }
    }

    private func withService(
        _ route: Route, _ body: @Sendable (any TestClientProtocol, IdempotencyStore) async throws -> Void
    ) async throws {
        try await withTestDatabase(migrations: [KitMigrations.idempotency]) { database in
            let store = IdempotencyStore(database)
            let application = try await Fixture().application(more: [route], idempotency: store)
            try await application.test(.router) { client async throws in try await body(client, store) }
        }
    }

    @Test("runs once, and its answer is given again whole")
    func once() async throws {
        let runs = NIOLockedValueBox(0)
        try await withService(counting(runs)) { client, _ async throws in
            let first = try await client.post("/count", "{}", [.idempotencyKey: "a"])
            let second = try await client.post("/count", "{}", [.idempotencyKey: "a"])
            #expect(first.status == .created)
            #expect(second.status == .created)
            #expect(second.text == first.text)
            #expect(second.headers[.location] == "/count/1")
            #expect(try await client.post("/count", "{}", [.idempotencyKey: "b"]).text == #"{"run":2}"#)
        }
        #expect(runs.withLockedValue { $0 } == 2)
    }

    @Test("is refused when the body is another, or the key too long")
    func refused() async throws {
        try await withService(counting(NIOLockedValueBox(0))) { client, _ async throws in
            _ = try await client.post("/count", "{}", [.idempotencyKey: "a"])
            let other = try await client.post("/count", #"{"x":1}"#, [.idempotencyKey: "a"])
            #expect(other.status == .unprocessableContent)
            let long = try await client.post("/count", "{}", [.idempotencyKey: String(repeating: "k", count: 201)])
            #expect(long.status == .unprocessableContent)
        }
    }

    @Test("may be tried again after a fault here")
    func retried() async throws {
        try await withService(counting(NIOLockedValueBox(0), failures: 1)) { client, _ async throws in
            #expect(try await client.post("/count", "{}", [.idempotencyKey: "a"]).status == .serviceUnavailable)
            #expect(try await client.post("/count", "{}", [.idempotencyKey: "a"]).status == .created)
        }
    }

    @Test("runs once although many come at the same time")
    func atOnce() async throws {
        let runs = NIOLockedValueBox(0)
        try await withService(counting(runs)) { client, _ async throws in
            try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for _ in 1...10 {
                    group.addTask { try await client.post("/count", "{}", [.idempotencyKey: "a"]).status }
                }
                for try await status in group { #expect([.created, .conflict].contains(status)) }
            }
        }
        #expect(runs.withLockedValue { $0 } == 1)
    }

    @Test("runs anew after 24 hours, when its answer has been forgotten")
    func expired() async throws {
        let runs = NIOLockedValueBox(0)
        try await withTestDatabase(migrations: [KitMigrations.idempotency]) { database in
            let store = IdempotencyStore(database)
            let application = try await Fixture().application(more: [counting(runs)], idempotency: store)
            try await application.test(.router) { client async throws in
                _ = try await client.post("/count", "{}", [.idempotencyKey: "old"])
                _ = try await client.post("/count", "{}", [.idempotencyKey: "new"])
                try await database.query(
                    "UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'old'")
                try await store.deleteExpired()
                let left = try await database.query("SELECT key FROM idempotency_keys")
                #expect(try left.map { row -> String in try row["key"] } == ["new"])
                #expect(try await client.post("/count", "{}", [.idempotencyKey: "old"]).text == #"{"run":3}"#)
            }
        }
    }
}
