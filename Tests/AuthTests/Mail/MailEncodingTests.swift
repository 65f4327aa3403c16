import FoundationEssentials
import NIOCore
import Testing
import WireProtocol

@testable import Auth

@Suite("A mail as it goes")
struct MailEncodingTests {
    static func message(subject: String = "Hallo", text: String = "Hallo\n", name: String? = nil) throws -> MailMessage
    {
        MailMessage(
            sender: try #require(Mailbox("\(name.map { "\($0) " } ?? "")<no-reply@school.example>")),
            recipient: try #require(EmailAddress("mira@example.org")), subject: subject, language: .english, text: text,
            html: "<p>Hallo</p>\n")
    }

    private func lines(_ message: MailMessage) throws -> [String] {
        let text = String(decoding: MailEncoding.encode(message), as: UTF8.self)
        return text.replacing("\r\n", with: "\u{1}").split(separator: "\u{1}", omittingEmptySubsequences: false)
            .map(String.init)
    }

    @Test(
        "can't be given another header or another body by anything that is put into it",
        arguments: [
            "x\r\nBcc: victim@example.org", "x\nBcc: victim@example.org", "x\r\n\r\nbody", "x\u{0}y", "x\u{2028}Bcc: y",
            "=?utf-8?B?DQpCY2M6IHhAeQ==?=", "\r\n.\r\nMAIL FROM:<a@b>",
        ])
    func injection(hostile: String) throws {
        let lines = try lines(Self.message(subject: hostile, text: hostile))
        let headers = lines.prefix { !$0.isEmpty }
        #expect(
            headers.filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } } == [
                "Date", "From", "To", "Message-ID", "Subject", "Auto-Submitted", "X-Auto-Response-Suppress",
                "Content-Language", "MIME-Version", "Content-Type",
            ])
        #expect(headers.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
        #expect(!headers.contains { $0 == "Subject: \(hostile)" })
    }

    @Test("has no sender with a name that is another header")
    func mailbox() {
        #expect(Mailbox("a\r\nBcc: x <a@b.example>")?.name == "a Bcc: x")
        #expect(Mailbox("a\u{7} <a@b.example>") == nil)
        for bad in ["", "nobody", "<>", "A <nobody>", "A <a@b.example", "A <a@b.example> x", "<a@b.example>\r\nBcc: x"]
        {
            #expect(Mailbox(bad) == nil, "\(bad)")
        }
        #expect(Mailbox("Schule am See <a@b.example>")?.description == "Schule am See <a@b.example>")
        #expect(Mailbox("a@b.example")?.name == nil)
    }

    @Test("is ASCII in short lines, whatever it says")
    func isASCII() throws {
        let long = String(repeating: "Straße des 17. Juni — 你好 ", count: 40)
        for line in try lines(Self.message(subject: long, text: long + "\n" + long, name: "Schule für Größeres")) {
            #expect(line.utf8.count <= 78)
            #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        }
    }

    @Test(
        "is quoted-printable in its bodies",
        arguments: [
            ("plain\n", "plain\r\n"), ("a=b\n", "a=3Db\r\n"), ("ü\n", "=C3=BC\r\n"), ("end \n", "end=20\r\n"),
            ("tab\t\n", "tab=09\r\n"), ("a\rb\n", "a=0Db\r\n"), ("a\r\nb", "a\r\nb\r\n"), ("\n\n", "\r\n\r\n"),
            (String(repeating: "x", count: 76) + "\n", String(repeating: "x", count: 76) + "\r\n"),
            (String(repeating: "x", count: 77), String(repeating: "x", count: 75) + "=\r\nxx\r\n"),
            (String(repeating: "x", count: 74) + "üx", String(repeating: "x", count: 74) + "=\r\n=C3=BCx\r\n"),
        ])
    func quotedPrintable(text: String, encoded: String) {
        #expect(QuotedPrintable.encode(text) == encoded)
    }

    @Test(
        "is sent with a dot more where a line begins with one",
        arguments: [
            ("a\r\n", "a\r\n.\r\n"), (".\r\n", "..\r\n.\r\n"), ("a\r\n..b\r\n", "a\r\n...b\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            ("", ".\r\n"), ("a.b\r\n", "a.b\r\n.\r\n"),
        ])
    func dots(message: String, sent: String) {
        #expect(String(buffer: SMTPData.encode(ByteBuffer(string: message))) == sent)
    }

    @Test("has a date as RFC 5322 has it")
    func date() throws {
        var message = try Self.message()
        message.date = Date(timeIntervalSince1970: 1_772_353_805)
        #expect(try lines(message).first == "Date: Sun, 01 Mar 2026 08:30:05 +0000")
    }
}
