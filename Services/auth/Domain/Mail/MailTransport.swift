/// The way that mails go.
protocol MailTransport: Sendable {
    /// Returns when the other side has taken the mail on.
    ///
    /// - Throws: ``MailFault``, or anything else for what may go better next time.
    func deliver(_ message: MailMessage) async throws
}

/// Why a mail did not go. Never holds what the mail says.
enum MailFault: Error, Equatable, CustomStringConvertible {
    /// The other side will not take this mail, now or later. With its reply code (RFC 5321 §4.2).
    case refused(code: Int)
    /// Not now. With the reply code and where in the dialogue it came.
    case deferred(code: Int, command: String)
    /// The other side does not speak SMTP as it should, or the connection ended.
    case broken(String)
    /// It would have gone in clear, which the settings don't allow.
    case insecure(String)

    var description: String {
        switch self {
        case .refused(let code): "the mail server refuses the mail for good, with \(code)"
        case .deferred(let code, let command): "the mail server answers \(command) with \(code)"
        case .broken(let what): "the dialogue with the mail server broke: \(what)"
        case .insecure(let what): what
        }
    }
}
