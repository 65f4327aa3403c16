import Foundation
import ServiceKit
import Testing
import WireProtocol

@testable import Auth

@Suite("The words of mails")
struct MailTemplateTests {
    private static let languages = ["ar", "de", "en", "es", "pt"]

    private func composer(_ templates: MailTemplates) -> MailComposer {
        MailComposer(
            templates: templates, sender: .unset, frontend: "https://school.example", defaultLanguage: .english)
    }

    private func write(
        _ kind: MailKind, name: String? = nil, locale: String? = nil, asked: String? = nil,
        _ templates: MailTemplates? = nil
    ) throws -> MailMessage {
        let user = User(
            id: Identifier(), email: "mira@example.org", displayName: name, locale: locale.flatMap { LanguageTag($0) },
            role: .student, isEmailVerified: false, isDisabled: false, version: 1, createdAt: Date(), updatedAt: Date())
        return try composer(templates ?? MailTemplates()).message(
            MailOrder(
                kind: kind, recipient: user.email, language: asked.flatMap { LanguageTag($0) },
                origin: Origin(address: "", userAgent: nil, requestID: "")),
            to: MailAddressee(user: user, token: kind.purpose.map { _ in OneTimeToken() }))
    }

    @Test("are there in five languages, each with a subject of its own and the link in text and page")
    func languages() throws {
        #expect(try MailTemplates().languages.map(\.description).sorted() == Self.languages)
        for kind in MailKind.allCases {
            let mails = try Self.languages.map { try write(kind, locale: $0) }
            #expect(Set(mails.map(\.subject)).count == mails.count)
            for mail in mails {
                let link = "https://school.example\(kind.path)\(kind.purpose == nil ? "" : "#token=")"
                #expect(mail.text.contains(link))
                #expect(mail.html.contains("<a href=\"\(link)"))
                #expect(mail.html.contains("lang=\"\(mail.language)\""))
                #expect(mail.html.contains(mail.language.description == "ar" ? "dir=\"rtl\"" : "dir=\"ltr\""))
                #expect(!mail.text.contains("{{") && !mail.html.contains("{{"))
                #expect(!mail.text.contains("&"))
            }
        }
    }

    @Test(
        "are in the user's language, or else in the one that was asked for, or else in the default",
        arguments: [
            ("de-AT", nil, "de"), ("pt-BR", "de", "pt"), ("fr", "es-MX", "es"), (nil, "ar-EG", "ar"), (nil, nil, "en"),
            ("fr", "it", "en"),
        ])
    func choice(locale: String?, asked: String?, language: String) throws {
        #expect(try write(.passwordReset, locale: locale, asked: asked).language.description == language)
    }

    @Test(
        "hold a display name as text, never as markup",
        arguments: ["<script>alert(1)<\\x>", "\"onload=x", "a & b", "<\u{301}b>", "{{token}}"])
    func escapes(name: String) throws {
        let mail = try write(.passwordReset, name: name)
        #expect(mail.html.contains("<bdi>\(name.htmlEscaped)</bdi>"))
        #expect(mail.text.contains("Hello \(name),"))
    }

    @Test(
        "do not pass on the advertisement of who signs up with a stranger's address",
        arguments: [
            "Win at https://spam.example/", "www.spam.example", "write to a@b", String(repeating: "x", count: 61),
            " ",
        ])
    func spam(name: String) throws {
        let mail = try write(.emailVerification, name: name)
        #expect(mail.text.hasPrefix("Hello,\n"))
    }

    private func withFolder<Value>(_ files: [String: String], _ body: (String) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        for (name, text) in files {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        return try body(folder.path)
    }

    @Test("can be an operator's own, one file or a whole language")
    func replaced() throws {
        var files = ["password-reset.en.txt": "Subject: Ours\n\nGo {{link}} or {{frontend}}/x?t={{token}}\n"]
        for kind in MailKind.allCases {
            files["\(kind.rawValue).fr.txt"] = "Subject: Bonjour\n\n{{link}}\n"
            files["\(kind.rawValue).fr.html"] = "{{<layout}}{{$body}}<a href=\"{{{link}}}\">ici</a>{{/body}}{{/layout}}"
        }
        try withFolder(files) { folder in
            let templates = try MailTemplates(directory: folder)
            let ours = try write(.passwordReset, templates)
            #expect(ours.subject == "Ours")
            #expect(ours.text.contains("https://school.example/x?t="))
            #expect(ours.html.contains("<p>"))
            let french = try write(.passwordChanged, locale: "fr-CA", templates)
            #expect(french.subject == "Bonjour")
            #expect(french.html.contains("lang=\"fr\""))
            #expect(
                try write(.passwordReset, locale: "de", templates).subject
                    == write(.passwordReset, locale: "de").subject)
        }
    }

    @Test(
        "are tried before they are taken",
        arguments: [
            ("password-reset.en.txt", "Hello {{link}}", MailTemplateFault.noSubject("password-reset.en.txt")),
            ("password-reset.en.txt", "Subject: \n\n{{link}}", .noSubject("password-reset.en.txt")),
            ("password-reset.en.txt", "Subject: x\n\nno link", .noLink("password-reset.en.txt")),
            ("password-reset.en.html", "<p>no link</p>", .noLink("password-reset.en.html")),
            ("layout.html", "<p>nothing of the page</p>", nil),
            ("password-reset.fr.txt", "Subject: x\n\n{{link}}", nil),
            ("reset.en.txt", "Subject: x\n\n{{link}}", .unknown("reset.en.txt")),
            ("password-reset.EN.txt", "Subject: x\n\n{{link}}", .unknown("password-reset.EN.txt")),
            ("password-reset.en.txt", "Subject: x\n\n{{#name}}{{link}}", nil),
        ])
    func faults(name: String, text: String, fault: MailTemplateFault?) throws {
        try withFolder([name: text]) { folder in
            let error = #expect(throws: MailTemplateFault.self) { try MailTemplates(directory: folder) }
            if let fault { #expect(error == fault) }
            #expect(error?.description.contains(".") == true)
        }
        #expect(throws: MailTemplateFault.unreadable("/nowhere")) { try MailTemplates(directory: "/nowhere") }
    }
}
