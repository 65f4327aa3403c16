import ServiceKit
import WireProtocol

/// How mails are written, and which way they go.
struct MailSettings: Sendable {
    let route: MailRoute
    let composer: MailComposer
    let limit: MailLimit

    /// In production nothing is guessed: mails from nobody with links to nowhere help no one.
    init(from reader: inout SettingsReader, mode: DeploymentMode) {
        func guess(_ text: String) -> String? { mode == .production ? nil : text }
        route = Self.route(
            reader.url(
                "MAIL_URL", schemes: ["file", "smtp", "smtps"], default: guess("file:.local/mail"),
                "Where mails go: file: and a folder, or smtp://user:password@host:587 (STARTTLS) or smtps://, with "
                    + "?tls=offered to do without, or ?ca=FILE for an authority of one's own. No default in production."
            ),
            &reader)
        let sender = reader.string(
            "MAIL_FROM", default: guess("Lyceum <no-reply@localhost>"),
            "Who mails are from, as Name <address>. No default in production.")
        let frontend = reader.url(
            "FRONTEND_URL", schemes: ["http", "https"], default: guess("http://127.0.0.1:8080"),
            "Where users reach the front end with its pages /reset-password, /verify-email and /forgot-password. No "
                + "default in production.")
        let templates = Self.templates(
            reader.string(
                "MAIL_TEMPLATES", default: "", "Folder with templates that replace built-in ones or add languages."),
            &reader)
        let language = reader.string(
            "MAIL_LANGUAGE", default: "en", "Language of mails to users of whom no language with templates is known.")
        composer = MailComposer(
            templates: templates, sender: Self.mailbox(sender, &reader),
            frontend: frontend.hasSuffix("/") ? String(frontend.dropLast()) : frontend,
            defaultLanguage: Self.language(language, templates, &reader))
        limit = MailLimit(
            perRecipient: reader.integer(
                "MAILS_PER_RECIPIENT", default: 5, in: 1...1_000_000,
                "Mails that can be asked for to one e-mail address within an hour."),
            perNetwork: reader.integer(
                "MAILS_PER_ADDRESS", default: mode == .production ? 100 : 1_000, in: 1...1_000_000,
                "Mails that can be asked for from one address (IPv6: one /64) within an hour before more get 429."))
    }

    private static func route(_ url: String, _ reader: inout SettingsReader) -> MailRoute {
        // The reader has noted already what is missing.
        guard !url.isEmpty else { return .folder(url) }
        do {
            return try MailRoute(url)
        } catch {
            reader.note("MAIL_URL", "\(error)")
            return .folder(url)
        }
    }

    private static func mailbox(_ text: String, _ reader: inout SettingsReader) -> Mailbox {
        if let mailbox = Mailbox(text) { return mailbox }
        if !text.isEmpty { reader.note("MAIL_FROM", "must be Name <address>, or an address, not \"\(text)\"") }
        return .unset
    }

    private static func templates(_ directory: String, _ reader: inout SettingsReader) -> MailTemplates {
        do {
            return try MailTemplates(directory: directory.isEmpty ? nil : directory)
        } catch {
            reader.note("MAIL_TEMPLATES", "\(error)")
            return .none
        }
    }

    private static func language(
        _ text: String, _ templates: MailTemplates, _ reader: inout SettingsReader
    ) -> LanguageTag {
        // Then the reader has noted already what is wrong with the templates.
        guard !templates.languages.isEmpty else { return .english }
        guard let language = LanguageTag(text), templates.languages.contains(language) else {
            let known = templates.languages.map(\.description).sorted().joined(separator: ", ")
            reader.note("MAIL_LANGUAGE", "must be a language with templates (\(known)), not \"\(text)\"")
            return .english
        }
        return language
    }
}
