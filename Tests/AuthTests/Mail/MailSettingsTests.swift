import ServiceKit
import Testing

@testable import Auth

@Suite("The settings of mails")
struct MailSettingsTests {
    private func faults(_ environment: [String: String]) -> [String] {
        var reader = SettingsReader(environment: environment)
        let mode: DeploymentMode = environment["LYCEUM_MODE"] == "production" ? .production : .development
        _ = MailSettings(from: &reader, mode: mode)
        return reader.faults.map(\.name)
    }

    @Test("are guessed in development only")
    func production() {
        #expect(faults([:]) == [])
        #expect(faults(["LYCEUM_MODE": "production"]) == ["MAIL_URL", "MAIL_FROM", "FRONTEND_URL"])
        #expect(
            faults([
                "LYCEUM_MODE": "production", "MAIL_URL": "smtp://a:b@mail.example.org",
                "MAIL_FROM": "School <a@b.example>", "FRONTEND_URL": "https://school.example",
            ]) == [])
    }

    @Test(
        "name what is wrong with them",
        arguments: [
            ("MAIL_URL", "http://x"), ("MAIL_URL", "smtp://"), ("MAIL_URL", "smtp://a@host"), ("MAIL_URL", "file:"),
            ("MAIL_URL", "smtp://host?tls=no"), ("MAIL_URL", "smtp://host?x=y"),
            ("MAIL_URL", "smtps://host?tls=offered"),
            ("MAIL_URL", "smtp://a:b@host?tls=offered"), ("MAIL_FROM", "nobody"), ("FRONTEND_URL", "ftp://x"),
            ("MAIL_LANGUAGE", "xx"), ("MAIL_TEMPLATES", "/nowhere"), ("MAILS_PER_RECIPIENT", "0"),
        ])
    func wrong(name: String, value: String) {
        #expect(faults([name: value]) == [name])
    }

    @Test("make of a URL a way to go, with TLS unless it stays on this machine or is told otherwise")
    func routes() throws {
        func server(_ url: String) throws -> SMTPServer {
            guard case .server(let server) = try MailRoute(url) else { throw MailRoute.Fault(description: url) }
            return server
        }
        #expect(try MailRoute("file:.local/mail") == .folder(".local/mail"))
        #expect(try MailRoute("file:///var/mails") == .folder("/var/mails"))
        #expect(try server("smtp://mail.example.org").port == 587)
        #expect(try server("smtp://mail.example.org").security == .required)
        #expect(try server("smtp://mailpit:1025?tls=offered").security == .offered)
        #expect(try server("smtp://127.0.0.1:25").security == .offered)
        #expect(try server("smtp://[::1]:25").host == "::1")
        #expect(try server("smtps://mail.example.org").port == 465)
        #expect(try server("smtps://mail.example.org").security == .implicit)
        #expect(
            try server("smtp://us%40er:p%3Ass@h?ca=/etc/ca.pem").credentials
                == .init(user: "us@er", password: "p:ss"))
        #expect(try server("smtp://h?ca=/etc/ca.pem").authorities == "/etc/ca.pem")
    }
}
