import Logging
import Metrics
import ServiceKit
import ServiceLifecycle
import WireProtocol

/// Writes and sends the mails that wait. Any number of replicas may do it side by side.
///
/// A mail goes out at least once: when this process dies between sending and noting it, another one follows, whose link
/// takes the place of the first one's.
struct MailSender: Service {
    static let pollInterval: Duration = .milliseconds(250)
    static let batch = 8
    private static let longestPause: Duration = .seconds(5)
    private static let gaugeInterval: Duration = .seconds(15)
    /// How long the dialogue with the mail server may take, and how long after that others keep away.
    static let deadline: Duration = .seconds(60)
    static let lease: Duration = .seconds(120)

    let queue: any MailQueue
    let composer: MailComposer
    let transport: any MailTransport
    let retries: MailRetries
    let logger: Logger

    func run() async {
        async let gauge: Void = RecurringWork(
            every: Self.gaugeInterval, whenFailing: "the mails that wait can't be counted", logger: logger
        ) {
            Gauge(label: "auth_mail_queue").record(try await queue.count())
        }
        .run()
        await RecurringWork(
            whenFailing: "the mail queue can't be read", retryAfter: Self.pollInterval...Self.longestPause,
            logger: logger
        ) {
            // A task of its own, so that shutdown waits for the mails that are on their way.
            let taken = try await Task { try await sendBatch() }.value
            return taken == Self.batch ? .zero : Self.pollInterval
        }
        .run()
        await gauge
    }

    /// Takes on what is due; answers how many mails that were.
    func sendBatch() async throws -> Int {
        let mails = try await queue.take(limit: Self.batch, lease: Self.lease)
        await withTaskGroup { group in
            for mail in mails { group.addTask { await self.send(mail) } }
        }
        return mails.count
    }

    private func send(_ mail: QueuedMail) async {
        do {
            try await attempt(mail)
        } catch {
            // It stays in the queue; its lease runs out.
            logger.warning("a mail's state could not be noted", metadata: mail.metadata(error))
        }
    }

    private func attempt(_ mail: QueuedMail) async throws {
        guard let addressee = try await queue.addressee(of: mail) else {
            Self.count(mail, "pointless")
            return try await queue.finish(mail, nil)
        }
        do {
            let message = try composer.message(mail.order, to: addressee)
            try await Deadline.run(Self.deadline) { try await transport.deliver(message) }
        } catch {
            return try await handle(error, mail, addressee)
        }
        Self.count(mail, "sent")
        try await queue.finish(mail, mail.entry(.mailSent, addressee))
    }

    private func handle(_ error: any Error, _ mail: QueuedMail, _ addressee: MailAddressee) async throws {
        guard let pause = retries.pause(after: mail.attempt, error) else {
            Self.count(mail, "given_up")
            logger.error("a mail was given up", metadata: mail.metadata(error))
            return try await queue.finish(mail, mail.entry(.mailGivenUp, addressee, ["reason": .string("\(error)")]))
        }
        Self.count(mail, "deferred")
        logger.warning("a mail waits for another try", metadata: mail.metadata(error))
        try await queue.postpone(mail, by: pause)
    }

    private static func count(_ mail: QueuedMail, _ outcome: String) {
        Counter(
            label: "auth_mails_total", dimensions: [("kind", mail.order.kind.rawValue), ("outcome", outcome)]
        ).increment()
    }
}

extension QueuedMail {
    fileprivate func metadata(_ error: any Error) -> Logger.Metadata {
        [
            "mail": "\(id)", "kind": "\(order.kind.rawValue)", "attempt": "\(attempt)", "error": "\(error)",
            "request_id": "\(order.origin.requestID)",
        ]
    }

    fileprivate func entry(
        _ action: AuditAction, _ addressee: MailAddressee, _ detail: [String: JSONValue] = [:]
    ) -> AuditEntry {
        AuditEntry(
            action: action, target: addressee.user.id, origin: order.origin,
            detail: detail.merging(["kind": .string(order.kind.rawValue), "attempt": .integer(Int64(attempt))]) { $1 })
    }
}
