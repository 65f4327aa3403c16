import FoundationEssentials
import ServiceKit

/// The way that mails go, as `MAIL_URL` says.
enum MailRoute: Sendable, Equatable {
    case folder(String)
    case server(SMTPServer)

    /// What is wrong with the URL.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// - Throws: ``Fault``.
    init(_ url: String) throws {
        if url.hasPrefix("file:") {
            let path = url.dropFirst("file:".count)
            self = .folder(String(path.hasPrefix("//") ? path.dropFirst(2) : path))
            guard self != .folder("") else { throw Fault(description: "must name a folder, as in file:/var/mails") }
        } else {
            self = .server(try SMTPServer(url))
        }
    }
}

/// A mail server, and how to speak with it.
struct SMTPServer: Sendable, Equatable {
    enum Security: String, Sendable {
        /// TLS from the first byte (RFC 8314 §3.3).
        case implicit
        /// STARTTLS (RFC 3207), or nothing is sent.
        case required
        /// STARTTLS when the server offers it. Whoever sits in between can take the offer away.
        case offered
    }

    struct Credentials: Sendable, Equatable {
        let user: String
        let password: String
    }

    let host: String
    let port: Int
    let security: Security
    let credentials: Credentials?
    /// A file with the certificates (PEM) that are trusted in the place of the system's.
    let authorities: String?

    /// On the same machine, where nobody sits in between.
    var isLoopback: Bool { Self.isLoopback(host) }

    fileprivate init(_ url: String) throws {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.host, !host.isEmpty,
            parts.path.isEmpty || parts.path == "/", parts.fragment == nil
        else { throw MailRoute.Fault(description: "must be as smtp://user:password@host:587") }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? (scheme == "smtps" ? 465 : 587)
        credentials = try Self.credentials(parts)
        let options = Dictionary(
            (parts.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
        if let unknown = options.keys.first(where: { !["tls", "ca"].contains($0) }) {
            throw MailRoute.Fault(description: "has ?\(unknown)=, but knows only ?tls= and ?ca=")
        }
        authorities = options["ca"]
        switch (scheme, options["tls"]) {
        case ("smtps", nil), ("smtps", "required"): security = .implicit
        case ("smtp", "required"): security = .required
        case ("smtp", "offered"): security = .offered
        // On another machine the links could be read on the way.
        case ("smtp", nil): security = Self.isLoopback(self.host) ? .offered : .required
        default: throw MailRoute.Fault(description: "must have ?tls=required or ?tls=offered, if any")
        }
        if security == .offered, credentials != nil, !Self.isLoopback(self.host) {
            throw MailRoute.Fault(
                description: "has a password, which is never sent in clear: leave ?tls=offered out")
        }
    }

    private static func credentials(_ parts: URLComponents) throws -> Credentials? {
        guard let user = parts.user, !user.isEmpty else { return nil }
        guard let password = parts.password, !(user + password).utf8.contains(0) else {
            throw MailRoute.Fault(description: "names a user without a password")
        }
        return Credentials(user: user, password: password)
    }

    private static func isLoopback(_ host: String) -> Bool {
        guard let address = IPAddress(host) else { return host == "localhost" }
        return address.bytes.count == 4 ? address.bytes[0] == 127 : address == IPAddress("::1")
    }
}
