/// The mails that wait, in the database: they outlive restarts, and each is written by one replica at a time.
protocol MailQueue: Sendable {
    /// Puts a mail in, and counts it in all buckets. When one of `binding` is full by then, nothing is done and the
    /// caller is refused; when `silent` is, only the audit log tells that no mail was put in.
    ///
    /// - Throws: ``AuthError/tooManyMails(_:)``.
    func put(
        _ order: MailOrder, binding: [LoginLimit.Bucket], silent: LoginLimit.Bucket, window: Duration,
        _ entry: AuditEntry
    ) async throws

    /// Takes on the mails that are due, the longest due first. Should this replica die, others take them on after
    /// `lease`.
    func take(limit: Int, lease: Duration) async throws -> [QueuedMail]

    /// Finds the account and makes the token, which takes the place of an older one.
    ///
    /// - Returns: `nil` when the mail has no point: no such account, disabled, or verified already.
    func addressee(of mail: QueuedMail) async throws -> MailAddressee?

    /// Takes the mail out because it was sent, or because it will never be.
    func finish(_ mail: QueuedMail, _ entry: AuditEntry?) async throws
    func postpone(_ mail: QueuedMail, by pause: Duration) async throws
    func count() async throws -> Int
}
