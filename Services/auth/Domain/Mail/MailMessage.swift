import FoundationEssentials
import WireProtocol

/// A mail, before it is encoded.
struct MailMessage: Sendable {
    var sender: Mailbox
    var recipient: EmailAddress
    var subject: String
    var language: LanguageTag
    var text: String
    var html: String
    var date = Date()
    /// The part of Message-ID before the @. Each attempt has another, since each has another token: a reader that shows
    /// one of two mails with the same id would maybe show the one whose link is no longer good.
    var id = UUID().uuidString.lowercased()
}
