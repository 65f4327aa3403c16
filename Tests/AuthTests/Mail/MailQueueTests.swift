import Logging
import Postgres
import PostgresTesting
import ServiceKit
import Testing
import WireProtocol

@testable import Auth

@Suite("The queue of mails", .enabled(if: TestDatabase.isAvailable))
struct MailQueueTests {
    /// Takes mails on, or fails as it is told.
    actor StandInTransport: MailTransport {
        private(set) var delivered: [MailMessage] = []
        private(set) var attempts = 0
        private var fault: (any Error)?

        init(_ fault: (any Error)? = nil) {
            self.fault = fault
        }

        func fail(with fault: (any Error)?) { self.fault = fault }

        func deliver(_ message: MailMessage) async throws {
            attempts += 1
            if let fault { throw fault }
            delivered.append(message)
        }
    }

    struct Bench: Sendable {
        let database: PostgresClient
        let queue: PostgresMailQueue
        let transport: StandInTransport

        var sender: MailSender {
            get throws {
                MailSender(
                    queue: queue,
                    composer: MailComposer(
                        templates: try MailTemplates(), sender: .unset, frontend: "https://school.example",
                        defaultLanguage: .english),
                    transport: transport, retries: MailRetries(), logger: quietLogger)
            }
        }

        func order(_ kind: MailKind, to recipient: String) async throws {
            try await database.withTransaction { transaction in
                try await transaction.insert(
                    MailOrder(
                        kind: kind, recipient: recipient,
                        origin: Origin(address: "203.0.113.5", userAgent: nil, requestID: "queue-test")))
            }
        }

        func user(_ email: String) async throws {
            let email = try #require(EmailAddress(email))
            _ = try await database.withTransaction { try await $0.insert(NewUser(email: email)) }
        }

        func count(_ sql: SQL) async throws -> Int { try await database.query(sql)[0][0] }
    }

    private func withBench(
        _ fault: (any Error)? = nil, _ body: @Sendable (Bench) async throws -> Void
    ) async throws {
        try await withTestDatabase(migrations: AuthService.migrations) { database in
            try await body(
                Bench(
                    database: database, queue: PostgresMailQueue(database: database),
                    transport: StandInTransport(fault)))
        }
    }

    @Test("gives each mail to one replica, however many look at once")
    func isShared() async throws {
        try await withBench { bench in
            for number in 0..<40 {
                try await bench.user("user\(number)@example.org")
                try await bench.order(.passwordReset, to: "user\(number)@example.org")
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let sender = try bench.sender
                        while try await sender.sendBatch() > 0 {}
                    }
                }
                try await group.waitForAll()
            }
            let delivered = await bench.transport.delivered
            #expect(delivered.count == 40)
            #expect(Set(delivered.map(\.recipient.description)).count == 40)
            #expect(Set(delivered.map(\.id)).count == 40)
            #expect(try await bench.count("SELECT count(*) FROM mails") == 0)
            #expect(try await bench.count("SELECT count(*) FROM audit_log WHERE action = 'mail.sent'") == 40)
        }
    }

    @Test("tries again later what does not go now, later each time, and its new link takes the place of the old")
    func retries() async throws {
        try await withBench(MailFault.deferred(code: 451, command: "RCPT")) { bench in
            try await bench.user("mira@example.org")
            try await bench.order(.passwordReset, to: "mira@example.org")
            let sender = try bench.sender
            #expect(try await sender.sendBatch() == 1)
            #expect(try await sender.sendBatch() == 0)
            #expect(
                try await bench.count(
                    "SELECT extract(epoch FROM due_at - now())::integer FROM mails WHERE attempts = 1") <= 15)
            await bench.transport.fail(with: nil)
            try await bench.database.query("UPDATE mails SET due_at = now()")
            #expect(try await sender.sendBatch() == 1)
            #expect(await bench.transport.delivered.count == 1)
            #expect(try await bench.count("SELECT count(*) FROM one_time_tokens") == 1)
            #expect(try await bench.count("SELECT count(*) FROM mails") == 0)
        }
    }

    @Test("gives up what is refused for good, and says so in the audit log")
    func refused() async throws {
        try await withBench(MailFault.refused(code: 550)) { bench in
            try await bench.user("mira@example.org")
            try await bench.order(.passwordReset, to: "mira@example.org")
            #expect(try await bench.sender.sendBatch() == 1)
            #expect(try await bench.count("SELECT count(*) FROM mails") == 0)
            let row = try await bench.database.query(
                "SELECT detail::text, ip, request_id FROM audit_log WHERE action = 'mail.given_up'")[0]
            #expect(try (row[0] as String).contains("550"))
            #expect(try row[1] == "203.0.113.5")
            #expect(try row[2] == "queue-test")
        }
    }

    @Test("gives up after so many tries")
    func givesUp() async throws {
        try await withBench(MailFault.broken("the connection ended")) { bench in
            try await bench.user("mira@example.org")
            try await bench.order(.passwordReset, to: "mira@example.org")
            for _ in 0..<MailRetries().attempts {
                #expect(try await bench.sender.sendBatch() == 1)
                try await bench.database.query("UPDATE mails SET due_at = now()")
            }
            #expect(await bench.transport.attempts == MailRetries().attempts)
            #expect(try await bench.count("SELECT count(*) FROM mails") == 0)
            #expect(try await bench.count("SELECT count(*) FROM audit_log WHERE action = 'mail.given_up'") == 1)
        }
    }

    @Test("hands on what a replica that died had taken on, once its lease is over")
    func survivesDeath() async throws {
        try await withBench { bench in
            try await bench.user("mira@example.org")
            try await bench.order(.passwordReset, to: "mira@example.org")
            #expect(try await bench.queue.take(limit: 8, lease: .seconds(120)).count == 1)
            #expect(try await bench.sender.sendBatch() == 0)
            try await bench.database.query("UPDATE mails SET due_at = now()")
            #expect(try await bench.sender.sendBatch() == 1)
            #expect(await bench.transport.delivered.count == 1)
        }
    }

    @Test("leaves a mail to who has taken it on meanwhile")
    func staleHolder() async throws {
        try await withBench { bench in
            try await bench.order(.passwordReset, to: "mira@example.org")
            let stale = try await bench.queue.take(limit: 1, lease: .zero)[0]
            _ = try await bench.queue.take(limit: 1, lease: .seconds(100))
            try await bench.queue.postpone(stale, by: .zero)
            #expect(try await bench.count("SELECT count(*) FROM mails WHERE due_at > now() + interval '50 s'") == 1)
        }
    }

    @Test("waits longer after each failure, an hour at most")
    func pauses() {
        let retries = MailRetries()
        let fault = MailFault.broken("")
        #expect(retries.pause(after: 1, fault) == .seconds(15))
        #expect(retries.pause(after: 2, fault) == .seconds(30))
        #expect(retries.pause(after: 8, fault) == .seconds(1_920))
        #expect(retries.pause(after: 9, fault) == .seconds(3_600))
        #expect(retries.pause(after: 13, fault) == .seconds(3_600))
        #expect(retries.pause(after: 14, fault) == nil)
        #expect(retries.pause(after: 1, MailFault.refused(code: 550)) == nil)
    }
}
