import Foundation
import PostgresTesting
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("The operator's commands", .enabled(if: TestDatabase.isAvailable))
struct CommandTests {
    @Test("make an account that can log in, with a password that is made up or read")
    func create() async throws {
        try await withAuth { auth in
            let made = try await auth.command("user", "create", "mira@example.org", "--role", "teacher", "--generate")
            #expect(made.status == 0, "\(made)")
            let password = try #require(made.output.firstMatch(of: /Its password is (\S+)/)).1
            let answer = try await auth.logIn("mira@example.org", String(password))
            #expect(answer.status == .ok)
            #expect(answer["user"]["role"] == "teacher")

            let read = try await auth.command(
                "user", "create", "una@example.org", "--stdin", "--name", "Una", "--locale", "DE",
                input: "seven brown owls\nmore\n")
            #expect(read.status == 0, "\(read)")
            #expect(!read.output.contains("owls"))
            let una = try await auth.logIn("una@example.org")
            #expect(una["user"]["display_name"] == "Una")
            #expect(una["user"]["locale"] == "de")
        }
    }

    @Test("hold to the rules that hold for everybody, say why, and change nothing")
    func refuse() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let cases: [(arguments: [String], input: String, status: Int32, reason: String)] = [
                (["create", account.email, "--generate"], "", 1, "already"),
                (["create", "nobody", "--generate"], "", 64, "no e-mail address"),
                (["create", "a@example.org", "--role", "king", "--generate"], "", 64, "king"),
                (["create", "a@example.org", "--locale", "??", "--generate"], "", 64, "language"),
                (["create", "a@example.org", "--stdin"], "short\n", 1, "8 to 72 bytes"),
                (["create", "a@example.org", "--stdin"], "password123\n", 1, "most common"),
                (["create", "a@example.org", "--stdin"], "", 1, "standard input"),
                (["create", "a@example.org"], "", 1, "no terminal"),
                (["create", "a@example.org", "--stdin", "--generate"], "", 64, "can't go together"),
                (["create", "a@example.org", "secret"], "", 64, "secret"),
                (["disable", "nobody@example.org"], "", 1, "no such account"),
                (["role", account.email, "king"], "", 64, "king"),
                (["reset-password", Identifier().description, "--generate"], "", 1, "no such account"),
            ]
            for (arguments, input, status, reason) in cases {
                let outcome = try await auth.command(["user"] + arguments, input: input)
                #expect(outcome.status == status, "\(arguments) \(outcome)")
                #expect(outcome.errors.contains(reason), "\(arguments) \(outcome)")
            }
            #expect(try await auth.count("SELECT count(*) FROM users") == 1)
        }
    }

    @Test("disable, enable and promote by e-mail or id, which ends sessions everywhere and is in the audit log")
    func change() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            #expect(try await auth.command("user", "disable", account.email).status == 0)
            try await eventually {
                try await auth.send(.get, "/auth/me", token: account.accessToken).status == .unauthorized
            }
            #expect(try await auth.logIn(account.email).status == .unauthorized)
            #expect(try await auth.command("user", "enable", account.id.description).status == 0)
            #expect(try await auth.command("user", "role", account.email, "admin").status == 0)
            let admin = try Account(try await auth.logIn(account.email))
            let log = try await auth.send(.get, "/auth/audit?target=\(account.id)", token: admin.accessToken)
            let byConsole = log.items.filter { $0["ip"] == "console" }
            #expect(byConsole.map { $0["action"] } == ["user.role_changed", "user.enabled", "user.disabled"])
            #expect(byConsole.allSatisfy { $0["actor"] == .null })
        }
    }

    @Test("set another password, which ends sessions and links, and tells the owner by mail")
    func resetPassword() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let token = try await auth.resetToken(account.email)
            let outcome = try await auth.command(
                "user", "reset-password", account.email, "--stdin", input: "eight white swans\n")
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try await auth.logIn(account.email).status == .unauthorized)
            #expect(try await auth.logIn(account.email, "eight white swans").status == .ok)
            #expect(try await auth.reset(token).status == .unprocessableContent)
            #expect(try await auth.refresh(account.refreshToken).status == .unauthorized)
            _ = try await auth.mail(to: account.email, "/forgot-password")
        }
    }

    @Test("list accounts page by page, filtered")
    func list() async throws {
        try await withAuth { auth in
            try await auth.database.query(
                """
                INSERT INTO users (id, email, role)
                SELECT gen_random_uuid(), 'user' || n || '@example.org', CASE WHEN n = 7 THEN 'teacher' ELSE 'student' END
                  FROM generate_series(1, 230) AS n
                """)
            let all = try await auth.command("user", "list")
            let emails = all.output.split(separator: "\n").map { $0.split(separator: "\t")[1] }
            #expect(emails.count == 230)
            #expect(Set(emails).count == 230)
            let teachers = try await auth.command("user", "list", "--role", "teacher", "--q", "USER7@")
            #expect(teachers.output.contains("\tuser7@example.org\tteacher\tenabled\t"))
        }
    }

    @Test("print the audit log, the newest last, filtered, as text or JSON")
    func audit() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            _ = try await auth.logIn(account.email, "wrong password")
            _ = try await auth.logIn(account.email)
            let text = try await auth.command("audit", "--target", account.email, "--action", "session.opened")
            #expect(
                text.output.contains(" session.opened actor=\(account.id) target=\(account.id) ip=203.0.113.5 request=")
            )
            #expect(text.output.split(separator: "\n").count == 1)
            let json = try await auth.command("audit", "--json", "--lines", "2", "--target", account.id.description)
            let records = try json.output.split(separator: "\n").map {
                try WireJSON.decode(JSONValue.self, from: Data($0.utf8))
            }
            #expect(records.count == 2)
            #expect(try #require(records[0]["id"].number) < #require(records[1]["id"].number))
            #expect(try await auth.command("audit", "--action", "everything").status == 64)
        }
    }

    @Test("follow the audit log: each record once, though one is committed after others that began later")
    func follows() {
        func record(_ id: Int, secondsAgo age: TimeInterval) -> AuditRecord {
            AuditRecord(
                id: id, at: now.addingTimeInterval(-age), actor: nil, action: "", target: nil, address: nil,
                requestID: nil, detail: [:])
        }
        let now = Date()
        var follower = AuditFollower(seen: [record(6, secondsAgo: 90), record(5, secondsAgo: 100)])
        #expect(follower.floor == 4)
        let second = [5, 6].map { record($0, secondsAgo: 90) } + [8, 9].map { record($0, secondsAgo: 1) }
        #expect(follower.new(second, at: now).map(\.id) == [8, 9])
        #expect(follower.floor == 6)
        let third = [7, 8, 9].map { record($0, secondsAgo: 2) }
        #expect(follower.new(third, at: now).map(\.id) == [7])
        #expect(follower.new(third, at: now).isEmpty)
    }

    @Test("follow what comes until they are stopped")
    func followsProcess() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let running = try auth.start(["audit", "--follow", "--lines", "0", "--action", "session.opened"])
            try await eventually {
                _ = try await auth.logIn(account.email)
                return try running.output.contains("session.opened actor=\(account.id)")
            }
            #expect(try await running.stop().status != 0)
        }
    }

    @Test("explain themselves")
    func help() async throws {
        try await withAuth { auth in
            for arguments in [["--help"], ["user", "--help"], ["user", "create", "--help"], ["audit", "--help"]] {
                let outcome = try await auth.command(arguments)
                #expect(outcome.status == 0)
                #expect(outcome.output.contains("USAGE: auth"))
            }
        }
    }
}
