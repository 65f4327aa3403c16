import AsyncHTTPClient
import Hummingbird
import HummingbirdTesting
import Logging
import NIOConcurrencyHelpers
import Postgres
import PostgresTesting
import ServiceKitTesting
import Testing
import WireProtocol

@testable import ServiceKit

@Suite("Events for another service", .enabled(if: TestDatabase.isAvailable))
struct OutboxTests {
    private static let logger = Logger(label: "outbox") { _ in SwiftLogNoOpLogHandler() }

    /// A receiver as the real ones are: it notes in one transaction what is new. The first `failures` batches it takes
    /// in, but the acknowledgement gets lost.
    private func receiver(_ database: PostgresClient, _ seen: NIOLockedValueBox<[Int]>, failures: Int = 0) -> Route {
        let remaining = NIOLockedValueBox(failures)
        return Route(.post, "/internal/events", .service) { request, _ in
            let batch: EventBatch = try await request.decode()
            let new = try await database.withTransaction { try await Inbox.admit(batch.events, in: $0) }
            seen.withLockedValue { $0 += new.compactMap(\.deletedKnowledge) }
            let fails = remaining.withLockedValue { remaining in
                remaining -= 1
                return remaining >= 0
            }
            if fails { throw HTTPProblem.unavailable() }
            return try .json(EventReceipt(accepted: new.count, duplicates: batch.events.count - new.count))
        }
    }

    private func append(_ numbers: ClosedRange<Int>, to database: PostgresClient) async throws {
        try await database.withTransaction { transaction in
            let events = numbers.map { Event(.knowledgeDeleted(KnowledgeDeleted(knowledgeID: $0))) }
            try await Outbox(targets: ["analytics"]).append(events, in: transaction)
        }
    }

    private func withRelay(
        failures: Int = 0,
        _ body: @Sendable (PostgresClient, OutboxRelay, NIOLockedValueBox<[Int]>) async throws -> Void
    ) async throws {
        try await withTestDatabase(migrations: [KitMigrations.outbox, KitMigrations.inbox]) { database in
            let seen = NIOLockedValueBox<[Int]>([])
            let route = receiver(database, seen, failures: failures)
            let tokens = await ServiceTokens(service: "content", secret: TestTokens.internalSecret)
            try await Fixture().application(more: [route]).test(.live) { client async throws in
                let relay = OutboxRelay(
                    to: "analytics", at: "http://localhost:\(client.port ?? 0)",
                    database: PostgresOptions(url: try #require(TestDatabase.url)), serviceTokens: tokens,
                    client: .shared, logger: Self.logger)
                try await body(database, relay, seen)
            }
        }
    }

    @Test("arrive in order, a batch at a time, and then are gone here")
    func inOrder() async throws {
        try await withRelay { database, relay, seen async throws in
            try await append(1...700, to: database)
            try await append(701...1_200, to: database)
            #expect(try await relay.relayBatch(from: database) == 1_000)
            #expect(try await relay.relayBatch(from: database) == 200)
            #expect(try await relay.relayBatch(from: database) == 0)
            #expect(seen.withLockedValue { $0 } == Array(1...1_200))
        }
    }

    @Test("count once although an acknowledgement got lost")
    func lostAcknowledgement() async throws {
        try await withRelay(failures: 1) { database, relay, seen async throws in
            try await append(1...10, to: database)
            await #expect(throws: (any Error).self) { try await relay.relayBatch(from: database) }
            #expect(try await relay.relayBatch(from: database) == 10)
            #expect(seen.withLockedValue { $0 } == Array(1...10))
        }
    }

    @Test("don't exist when their change is rolled back")
    func rolledBack() async throws {
        struct ChangedMyMind: Error {}
        try await withRelay { database, relay, _ async throws in
            await #expect(throws: ChangedMyMind.self) {
                try await database.withTransaction { transaction in
                    try await Outbox(targets: ["analytics"]).append(
                        [Event(.knowledgeDeleted(KnowledgeDeleted(knowledgeID: 1)))], in: transaction)
                    throw ChangedMyMind()
                }
            }
            #expect(try await relay.relayBatch(from: database) == 0)
        }
    }
}

extension Event {
    fileprivate var deletedKnowledge: Int? {
        guard case .knowledgeDeleted(let event) = payload else { return nil }
        return event.knowledgeID
    }
}
