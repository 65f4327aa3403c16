import FoundationEssentials

/// The client's part in handing over one mail (RFC 5321, with STARTTLS of RFC 3207 and AUTH of RFC 4954): told what
/// comes, it says what to do. Knows no network.
struct SMTPDialogue {
    enum Action: Equatable {
        case send(String)
        /// Begin TLS; nothing more may have come in clear by then.
        case startTLS
        case sendMessage
        /// The server has taken the mail on.
        case finish
    }

    private enum State {
        case greeting, hello, startTLS, securing, authPlain, authUser, authPassword, sender, recipient, data, message
        case finished
    }

    private let server: SMTPServer
    private let sender: String
    private let recipient: String
    /// What this host calls itself.
    private let name: String
    private var state = State.greeting
    private var isSecure: Bool

    /// - Parameter name: an address literal, such as `[192.0.2.1]`, or a host's name (RFC 5321 §4.1.1.1).
    init(_ server: SMTPServer, from sender: EmailAddress, to recipient: EmailAddress, name: String) {
        self.server = server
        self.sender = sender.description
        self.recipient = recipient.description
        self.name = name
        isSecure = server.security == .implicit
    }

    /// - Throws: ``MailFault/refused(code:)`` when the server will never take this mail, and others when it may later.
    ///   What it says to anything but the mail itself is about the server or the settings, so the mail waits.
    mutating func receive(_ reply: SMTPReply) throws(MailFault) -> Action {
        switch state {
        case .greeting:
            try expect(220, reply, "the connection")
            return hello()
        case .hello:
            try expect(250, reply, "EHLO")
            return try afterHello(SMTPExtensions(reply))
        case .startTLS:
            try expect(220, reply, "STARTTLS")
            state = .securing
            return .startTLS
        case .authPlain, .authPassword:
            try expect(235, reply, "AUTH")
            return mail()
        case .authUser:
            try expect(334, reply, "AUTH")
            state = .authPassword
            return .send(Self.base64(server.credentials?.password ?? ""))
        case .sender:
            try judge(reply, "MAIL")
            state = .recipient
            return .send("RCPT TO:<\(recipient)>")
        case .recipient:
            try judge(reply, "RCPT")
            state = .data
            return .send("DATA")
        case .data:
            guard reply.code == 354 else { throw Self.fault(reply, "DATA") }
            state = .message
            return .sendMessage
        case .message:
            try judge(reply, "the mail")
            state = .finished
            return .finish
        case .securing, .finished:
            throw .broken("the server spoke out of turn")
        }
    }

    /// The connection is encrypted now. All that was said in clear is forgotten (RFC 3207 §4.2).
    mutating func secured() -> Action {
        isSecure = true
        return hello()
    }

    private mutating func hello() -> Action {
        state = .hello
        return .send("EHLO \(name)")
    }

    private mutating func afterHello(_ extensions: SMTPExtensions) throws(MailFault) -> Action {
        if !isSecure, extensions.offersTLS {
            state = .startTLS
            return .send("STARTTLS")
        }
        guard isSecure || server.security == .offered else {
            throw .insecure("the mail server offers no STARTTLS, and MAIL_URL does not allow to do without")
        }
        guard let credentials = server.credentials else { return mail() }
        guard isSecure || server.isLoopback else {
            throw .insecure("the mail server offers no STARTTLS, and the password is not sent in clear")
        }
        if extensions.mechanisms.contains("PLAIN") {
            state = .authPlain
            return .send("AUTH PLAIN \(Self.base64("\0\(credentials.user)\0\(credentials.password)"))")
        }
        guard extensions.mechanisms.contains("LOGIN") else {
            throw .broken("the mail server takes neither AUTH PLAIN nor LOGIN")
        }
        state = .authUser
        return .send("AUTH LOGIN \(Self.base64(credentials.user))")
    }

    private mutating func mail() -> Action {
        state = .sender
        return .send("MAIL FROM:<\(sender)>")
    }

    private func expect(_ code: Int, _ reply: SMTPReply, _ command: String) throws(MailFault) {
        guard reply.code == code else { throw .deferred(code: reply.code, command: command) }
    }

    private func judge(_ reply: SMTPReply, _ command: String) throws(MailFault) {
        guard (200..<300).contains(reply.code) else { throw Self.fault(reply, command) }
    }

    private static func fault(_ reply: SMTPReply, _ command: String) -> MailFault {
        reply.code >= 500 ? .refused(code: reply.code) : .deferred(code: reply.code, command: command)
    }

    private static func base64(_ text: String) -> String {
        Data(text.utf8).base64EncodedString()
    }
}

/// What a server says that it can do, in its answer to EHLO.
struct SMTPExtensions {
    let offersTLS: Bool
    /// Of authentication, in capitals.
    let mechanisms: Set<String>

    init(_ reply: SMTPReply) {
        let lines = reply.lines.dropFirst().map { line in
            line.uppercased().split(whereSeparator: { $0 == " " || $0 == "=" }).map(String.init)
        }
        offersTLS = lines.contains { $0.first == "STARTTLS" }
        mechanisms = Set(lines.filter { $0.first == "AUTH" }.flatMap { $0.dropFirst() })
    }
}
