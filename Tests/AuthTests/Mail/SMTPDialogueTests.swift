import FoundationEssentials
import NIOCore
import NIOEmbedded
import NIOSSL
import Testing

@testable import Auth

@Suite("The dialogue with a mail server")
struct SMTPDialogueTests {
    private func dialogue(_ url: String) throws -> SMTPDialogue {
        guard case .server(let server) = try MailRoute(url) else { throw MailRoute.Fault(description: url) }
        return SMTPDialogue(
            server, from: try #require(EmailAddress("no-reply@school.example")),
            to: try #require(EmailAddress("mira@example.org")), name: "[192.0.2.1]")
    }

    private func reply(_ code: Int, _ lines: String...) -> SMTPReply {
        SMTPReply(code: code, lines: lines.isEmpty ? [""] : lines)
    }

    @Test("begins TLS, says hello again, logs in, and hands the mail over")
    func whole() throws {
        var dialogue = try dialogue("smtp://user:secret@mail.example.org")
        #expect(try dialogue.receive(reply(220)) == .send("EHLO [192.0.2.1]"))
        #expect(try dialogue.receive(reply(250, "hi", "STARTTLS", "AUTH PLAIN")) == .send("STARTTLS"))
        #expect(try dialogue.receive(reply(220)) == .startTLS)
        #expect(dialogue.secured() == .send("EHLO [192.0.2.1]"))
        #expect(
            try dialogue.receive(reply(250, "hi", "AUTH LOGIN PLAIN"))
                == .send("AUTH PLAIN \(Data("\0user\0secret".utf8).base64EncodedString())"))
        #expect(try dialogue.receive(reply(235)) == .send("MAIL FROM:<no-reply@school.example>"))
        #expect(try dialogue.receive(reply(250)) == .send("RCPT TO:<mira@example.org>"))
        #expect(try dialogue.receive(reply(251)) == .send("DATA"))
        #expect(try dialogue.receive(reply(354)) == .sendMessage)
        #expect(try dialogue.receive(reply(250)) == .finish)
    }

    @Test("sends nothing in clear to another machine that offers no TLS, and no password to any")
    func insecure() throws {
        var required = try dialogue("smtp://mail.example.org")
        _ = try required.receive(reply(220))
        #expect(throws: MailFault.self) { try required.receive(reply(250, "hi", "AUTH PLAIN")) }

        var offered = try dialogue("smtp://mail.example.org?tls=offered")
        _ = try offered.receive(reply(220))
        #expect(try offered.receive(reply(250, "hi")) == .send("MAIL FROM:<no-reply@school.example>"))

        var local = try dialogue("smtp://user:secret@localhost")
        _ = try local.receive(reply(220))
        #expect(try local.receive(reply(250, "hi", "auth=login")) == .send("AUTH LOGIN dXNlcg=="))
        #expect(try local.receive(reply(334)) == .send("c2VjcmV0"))
    }

    @Test("believes no offer that was made before TLS")
    func forgetsClearOffers() throws {
        var dialogue = try dialogue("smtp://user:secret@mail.example.org")
        _ = try dialogue.receive(reply(220))
        _ = try dialogue.receive(reply(250, "hi", "STARTTLS", "AUTH PLAIN"))
        _ = try dialogue.receive(reply(220))
        _ = dialogue.secured()
        #expect(throws: MailFault.broken("the mail server takes neither AUTH PLAIN nor LOGIN")) {
            try dialogue.receive(reply(250, "hi"))
        }
    }

    @Test(
        "ends for good when the mail is refused, and for now when the server or the settings are at fault",
        arguments: [
            ([554], MailFault.deferred(code: 554, command: "the connection")),
            ([421], .deferred(code: 421, command: "the connection")),
            ([220, 502], .deferred(code: 502, command: "EHLO")),
            ([220, 250, 550], .refused(code: 550)),
            ([220, 250, 450], .deferred(code: 450, command: "MAIL")),
            ([220, 250, 250, 553], .refused(code: 553)),
            ([220, 250, 250, 452], .deferred(code: 452, command: "RCPT")),
            ([220, 250, 250, 250, 554], .refused(code: 554)),
            ([220, 250, 250, 250, 250], .deferred(code: 250, command: "DATA")),
            ([220, 250, 250, 250, 354, 451], .deferred(code: 451, command: "the mail")),
            ([220, 250, 250, 250, 354, 552], .refused(code: 552)),
        ])
    func refusals(codes: [Int], fault: MailFault) throws {
        var dialogue = try dialogue("smtp://localhost")
        for code in codes.dropLast() { _ = try dialogue.receive(reply(code)) }
        let last = try #require(codes.last)
        #expect(throws: fault) { try dialogue.receive(reply(last)) }
    }

    @Test("keeps a mail whose password the server does not take")
    func wrongPassword() throws {
        var dialogue = try dialogue("smtps://user:secret@mail.example.org")
        _ = try dialogue.receive(reply(220))
        _ = try dialogue.receive(reply(250, "hi", "AUTH PLAIN"))
        #expect(throws: MailFault.deferred(code: 535, command: "AUTH")) { try dialogue.receive(reply(535)) }
    }

    @Test("reads replies of several lines, in whatever pieces they come")
    func parses() throws {
        let text = "220 hi\r\n250-one\r\n250-two\r\n250 three\r\n354\n"
        for size in 1...text.utf8.count {
            var parser = SMTPReplyParser()
            var replies: [SMTPReply] = []
            var rest = ByteBuffer(string: text)
            while rest.readableBytes > 0 {
                let piece = rest.readSlice(length: min(size, rest.readableBytes))
                parser.append(try #require(piece))
                while let reply = try parser.next() { replies.append(reply) }
            }
            #expect(replies == [reply(220, "hi"), reply(250, "one", "two", "three"), reply(354)])
            #expect(parser.isEmpty)
        }
    }

    @Test(
        "does not put up with what is no reply, or has no end",
        arguments: [
            "HTTP/1.1 400 Bad Request\r\n", "2\r\n", "999 x\r\n", "250?x\r\n", String(repeating: "2", count: 5_000),
            String(repeating: "250-x\r\n", count: 300),
        ])
    func badReplies(text: String) throws {
        var parser = SMTPReplyParser()
        parser.append(ByteBuffer(string: text))
        #expect(throws: MailFault.self) { while try parser.next() != nil {} }
    }

    @Test("ends when the server has said more in clear than that TLS may begin", arguments: [true, false])
    func injection(isInjected: Bool) throws {
        let channel = EmbeddedChannel()
        let done = channel.eventLoop.makePromise(of: Void.self)
        guard case .server(let server) = try MailRoute("smtp://mail.example.org") else { return }
        let context = try NIOSSLContext(configuration: .makeClientConfiguration())
        let message = try MailEncodingTests.message()
        try channel.pipeline.syncOperations.addHandler(
            SMTPHandler(server, message, ByteBuffer(), done: done) {
                try NIOSSLClientHandler(context: context, serverHostname: "mail.example.org")
            })
        try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 25)).wait()
        try channel.writeInbound(ByteBuffer(string: "220 hi\r\n"))
        try channel.writeInbound(ByteBuffer(string: "250-hi\r\n250 STARTTLS\r\n"))
        try channel.writeInbound(ByteBuffer(string: "220 go\r\n" + (isInjected ? "250 AUTH PLAIN\r\n" : "")))
        if isInjected {
            #expect(throws: MailFault.broken("the server spoke before TLS began")) { try done.futureResult.wait() }
            #expect(!channel.isActive)
        } else {
            // What is sent next is TLS: a handshake record.
            var sent: [UInt8] = []
            while let bytes = try channel.readOutbound(as: ByteBuffer.self) { sent = Array(bytes.readableBytesView) }
            #expect(sent.first == 0x16)
            done.succeed()
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}
