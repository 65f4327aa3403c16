import ServiceKit
import WireProtocol

/// Puts mails into words.
struct MailComposer: Sendable {
    let templates: MailTemplates
    let sender: Mailbox
    /// Where users reach the front end, without a slash at the end.
    let frontend: String
    /// Where neither the account nor the order names one that there is.
    let defaultLanguage: LanguageTag

    /// - Throws: ``MailTemplateFault``; ``MailFault/refused(code:)`` for an address that can't be written to.
    func message(_ order: MailOrder, to addressee: MailAddressee) throws -> MailMessage {
        guard let recipient = EmailAddress(addressee.user.email) else { throw MailFault.refused(code: 553) }
        let wanted = [addressee.user.locale, order.language].compactMap(\.self)
        let language = templates.language(for: wanted) ?? defaultLanguage
        let token = addressee.token?.description
        let content = try templates.render(
            order.kind, in: language,
            MailValues(
                name: addressee.user.greeting, email: recipient.description,
                link: frontend + order.kind.path + (token.map { "#token=\($0)" } ?? ""), token: token ?? "",
                frontend: frontend, hours: Int((order.kind.purpose?.lifetime.seconds ?? 0) / 3_600),
                sender: sender.name ?? sender.address.description, language: language))
        return MailMessage(
            sender: sender, recipient: recipient, subject: content.subject, language: language, text: content.text,
            html: content.html)
    }
}

extension User {
    /// The display name, if it is one: anybody can sign up with the address of somebody else, who is not to get a
    /// stranger's advertisement by our mail.
    fileprivate var greeting: String? {
        guard let name = displayName?.split(whereSeparator: \.isWhitespace).joined(separator: " "), !name.isEmpty,
            name.count <= 60, !name.contains("/"), !name.contains("@"), !name.lowercased().contains("www.")
        else { return nil }
        return name
    }
}
