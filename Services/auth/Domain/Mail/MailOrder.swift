import WireProtocol

/// A mail that is to be written. Its token is made only then, so that nothing that waits can be used by who reads the
/// database.
struct MailOrder: Sendable {
    var kind: MailKind
    var recipient: String
    /// The language to write in, when the account names none.
    var language: LanguageTag?
    /// Who asked for it, from where.
    var origin: Origin
}

/// A mail that this replica has taken on for some time.
struct QueuedMail: Sendable {
    let id: Int
    let order: MailOrder
    /// How often it was taken on, this time included.
    let attempt: Int
}

/// Whom a mail is for.
struct MailAddressee: Sendable {
    let user: User
    /// In clear only here and in the mail.
    let token: OneTimeToken?
}
