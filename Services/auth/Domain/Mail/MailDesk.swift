import WireProtocol

/// Takes orders for mails, but not so many that they bother anybody. The counts are in the database, as those of
/// ``LoginGuard``.
struct MailDesk: Sendable {
    let limit: MailLimit
    let queue: any MailQueue

    /// - Throws: ``AuthError/tooManyMails(_:)``.
    func order(_ order: MailOrder, noting entry: AuditEntry) async throws {
        let network = order.origin.network
        try await queue.put(
            order,
            binding: [limit.bucket(recipient: order.recipient, network: network), limit.bucket(network: network)],
            silent: limit.bucket(recipient: order.recipient), window: limit.window, entry)
    }
}
