import Foundation
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite(
    "Delivery to a real mail server", .enabled(if: SMTPSink.isAvailable, "aiosmtpd is missing; make test installs it"))
struct SMTPDeliveryTests {
    private static let text = """
        Hallo Mira,

        .
        ..ein Punkt am Anfang, und ein langer Satz, der über mehr als achtundsiebzig Zeichen geht: äöüß 你好 🦉
        Leerzeichen am Ende\u{20}
        = Gleichheitszeichen =3D

        """

    private func message(to recipient: String = "mira@example.org") throws -> MailMessage {
        MailMessage(
            sender: try #require(Mailbox("Schule „Am See“ <no-reply@school.example>")),
            recipient: try #require(EmailAddress(recipient)),
            subject: "Bestätigen Sie Ihre E-Mail-Adresse, und zwar möglichst bald, bevor der Link abläuft 🦉",
            language: .english, text: Self.text, html: "<p>Hallo <b>Mira</b> 🦉</p>\n",
            date: Date(timeIntervalSince1970: 1_772_353_805))
    }

    private func client(_ url: String) throws -> SMTPClient {
        guard case .server(let server) = try MailRoute(url) else { throw MailRoute.Fault(description: url) }
        return try SMTPClient(server)
    }

    @Test("brings the mail over unharmed, with STARTTLS and a password")
    func startTLS() async throws {
        try await withSMTPSink("--tls", "starttls", "--account", "school:se:cret/1") { sink async throws in
            let sent = try message()
            try await client(
                sink.url("?tls=required&ca=\(sink.certificate)", account: "school:se%3Acret%2F1")
            ).deliver(sent)
            let mail = try await sink.mail()
            #expect(mail["encrypted"] == .bool(true))
            #expect(mail["authenticated"] == .bool(true))
            #expect(try sink.logins() == ["PLAIN True"])
            #expect(mail["sender"] == "no-reply@school.example")
            #expect(mail["recipients"] == .array(["mira@example.org"]))
            #expect(mail["hello"] == "[127.0.0.1]")
            #expect(mail["text"] == .string(Self.text))
            #expect(mail["html"] == .string(sent.html))
            #expect(mail["from_name"] == "Schule „Am See“")
            #expect(mail["date"].number == 1_772_353_805)
            #expect(mail["type"] == "multipart/alternative")
            #expect(mail["order"] == .array(["text/plain", "text/html"]))
            #expect(mail["defects"] == .array([]))
            #expect(mail["ascii"] == .bool(true))
            #expect(try #require(mail["longest_line"].number) <= 78)
            #expect(mail["bare_breaks"].number == 0)
            let headers = mail["headers"]
            #expect(headers["subject"] == .string(sent.subject))
            #expect(headers["to"] == "mira@example.org")
            #expect(headers["message-id"] == .string("<\(sent.id)@school.example>"))
            #expect(headers["auto-submitted"] == "auto-generated")
            #expect(headers["content-language"] == "en")
        }
    }

    @Test("goes over TLS from the first byte")
    func implicitTLS() async throws {
        try await withSMTPSink("--tls", "implicit") { sink async throws in
            try await client(sink.url("?ca=\(sink.certificate)", host: "127.0.0.1", scheme: "smtps")).deliver(message())
            #expect(try await sink.mail()["encrypted"] == .bool(true))
        }
    }

    @Test("logs in by AUTH LOGIN where there is no PLAIN, on this machine without TLS too")
    func authLogin() async throws {
        try await withSMTPSink("--account", "school:secret", "--without", "PLAIN") { sink async throws in
            try await client(sink.url(account: "school:secret")).deliver(message())
            #expect(try await sink.mail()["authenticated"] == .bool(true))
            #expect(try sink.logins() == ["LOGIN False"])
        }
    }

    @Test("waits when the password is wrong")
    func wrongPassword() async throws {
        try await withSMTPSink("--account", "school:secret") { sink async throws in
            await #expect(throws: MailFault.deferred(code: 535, command: "AUTH")) {
                try await client(sink.url(account: "school:wrong")).deliver(message())
            }
            #expect(try sink.mailCount() == 0)
        }
    }

    @Test("says nothing to a server whose certificate is not trusted, or is another's")
    func badCertificates() async throws {
        let arguments = ["--tls", "starttls", "--account", "a:b", "--names", "DNS:other.example"]
        try await withSMTPSink(arguments) { sink async throws in
            for url in [
                sink.url("?tls=required", account: "a:b"),
                sink.url("?tls=required&ca=\(sink.certificate)", account: "a:b"),
                sink.url("?ca=\(sink.certificate)", host: "127.0.0.1", account: "a:b"),
            ] {
                await #expect(throws: (any Error).self) { try await client(url).deliver(message()) }
            }
            #expect(try sink.mailCount() == 0)
            #expect(try sink.logins() == [])
        }
    }

    @Test("says nothing to a server without TLS when that is required")
    func noTLS() async throws {
        try await withSMTPSink("--account", "a:b") { sink async throws in
            await #expect(throws: MailFault.self) {
                try await client(sink.url("?tls=required", account: "a:b")).deliver(message())
            }
            #expect(try sink.logins() == [])
        }
    }

    @Test("tells what is refused for good from what may go later")
    func refusals() async throws {
        try await withSMTPSink { sink async throws in
            let client = try client(sink.url())
            await #expect(throws: MailFault.refused(code: 550)) {
                try await client.deliver(message(to: "refused@example.org"))
            }
            await #expect(throws: MailFault.deferred(code: 451, command: "RCPT")) {
                try await client.deliver(message(to: "later@example.org"))
            }
            try await client.deliver(message())
            #expect(try await sink.mail()["recipients"] == .array(["mira@example.org"]))
        }
    }

    @Test("fails at once where nobody listens")
    func nobody() async throws {
        await #expect(throws: (any Error).self) { try await client("smtp://127.0.0.1:1").deliver(message()) }
    }

    @Test(
        "brings a pupil's mail from sign-up to the mailbox, in the pupil's language",
        .enabled(if: TestDatabase.isAvailable))
    func wholeWay() async throws {
        try await withSMTPSink("--tls", "starttls") { sink async throws in
            try await withAuth(["MAIL_URL": sink.url("?ca=\(sink.certificate)")]) { auth in
                let answer = try await auth.post(
                    "/auth/signup",
                    [
                        "email": "mira@example.org", "password": .string(AuthFixture.password), "locale": "de-CH",
                        "display_name": "Mira <i> & Söhne",
                    ])
                try #require(answer.status == .created)
                let mail = try await sink.mail()
                #expect(mail["headers"]["subject"] == "Bestätigen Sie Ihre E-Mail-Adresse")
                #expect(mail["html"].string?.contains("Mira &lt;i&gt; &amp; Söhne") == true)
                let text = try #require(mail["text"].string)
                let token = text.firstMatch(of: /#token=(\S+)/).map { String($0.1) }
                #expect(try await auth.verify(token).status == .noContent)
            }
        }
    }
}
