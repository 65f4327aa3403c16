import FoundationEssentials
import HTTPTypes
import PostgresTesting
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("What is held on a user", .enabled(if: TestDatabase.isAvailable))
struct PersonalDataTests {
    @Test("is handed over whole, without what is secret or somebody else's")
    func export() async throws {
        try await withAuth { auth in
            let admin = try await auth.account(.admin)
            let account = try await auth.account()
            _ = try await auth.logIn(account.email, "wrong password", from: "198.51.100.9")
            let elsewhere = try Account(try await auth.logIn(account.email))
            _ = try await auth.send(.post, "/auth/logout", token: elsewhere.accessToken)
            let path = "/auth/users/\(account.id)"
            let tag = try await auth.send(.get, path, token: admin.accessToken).etag
            _ = try await auth.send(
                .patch, path, token: admin.accessToken, headers: [.ifMatch: tag ?? ""],
                body: #"{"display_name":"Mira"}"#, from: "198.51.100.77")
            let answer = try await auth.send(.get, "/auth/me/export", token: account.accessToken)
            #expect(answer.status == .ok)
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(answer["user"]["email"] == .string(account.email))
            #expect(answer["sessions"].list.count == 2)
            #expect(answer["sessions"].list.filter { $0["revoked_at"] != .null }.count == 1)
            let audit = answer["audit"].list.filter { $0["action"] != "mail.sent" }
            #expect(
                audit.map { $0["action"] } == [
                    "user.changed", "session.closed", "session.opened", "session.login_failed", "user.signed_up",
                ])
            #expect(audit.map { $0["by"] } == ["administrator", "yourself", "yourself", "unknown", "yourself"])
            #expect(audit[3]["ip"] == "198.51.100.9")
            let text = String(decoding: try WireJSON.encode(answer.body), as: UTF8.self)
            for secret in ["$2b$", account.refreshToken, admin.id.description, "198.51.100.77"] {
                #expect(!text.contains(secret), "\(secret)")
            }
        }
    }

    @Test("tells of the second factor that it is on, since when, and how many recovery codes are left: no secret")
    func twoFactor() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let before = try await auth.send(.get, "/auth/me/export", token: account.accessToken)["two_factor"]
            #expect(before["enabled"] == .bool(false))
            #expect(before["confirmed_at"] == .null)
            let device = try await auth.enrol(account)
            let answer = try await auth.complete(try await auth.challenge(account.email), device.recoveryCodes[0])
            let export = try await auth.send(.get, "/auth/me/export", token: try Account(answer).accessToken)
            #expect(export["two_factor"]["enabled"] == .bool(true))
            #expect(export["two_factor"]["confirmed_at"].string != nil)
            #expect(export["two_factor"]["recovery_codes_left"] == 9)
            #expect(export["sessions"].list[0]["amr"].strings == ["pwd", "recovery_code", "mfa"])
            let text = String(decoding: try WireJSON.encode(export.body), as: UTF8.self)
            for secret in device.recoveryCodes + [Base32.encode(device.app.secret)] {
                #expect(!text.contains(secret))
            }
        }
    }

    @Test("takes nothing from others while the services that are told of it are silent")
    func silentReceivers() async throws {
        try await withSilentServer { port in
            let silent = "http://127.0.0.1:\(port)"
            let environment = [
                "DATABASE_CONNECTIONS": "2", "CONTENT_URL": silent, "MEDIA_URL": silent, "ANALYTICS_URL": silent,
            ]
            try await withAuth(environment) { auth in
                let (leaving, staying) = (try await auth.account(), try await auth.account())
                #expect(try await auth.erase(leaving).status == .noContent)
                try await eventually {
                    try await auth.count(
                        "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE $1",
                        ["%FROM outbox%"]) > 0
                }
                #expect(try await auth.refresh(staying.refreshToken).status == .ok)
            }
        }
    }

    @Test("goes with the account, and the others are told in the same breath")
    func erasure() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let elsewhere = try Account(try await auth.logIn(account.email))
            let answer = try await auth.erase(account)
            #expect(answer.status == .noContent)
            for token in [account, elsewhere] {
                #expect(try await auth.send(.get, "/auth/me", token: token.accessToken).status == .unauthorized)
                #expect(try await auth.refresh(token.refreshToken).status == .unauthorized)
            }
            #expect(try await auth.logIn(account.email).status == .unauthorized)
            #expect(try await auth.count("SELECT count(*) FROM users") == 0)
            #expect(try await auth.count("SELECT count(*) FROM sessions") == 0)
            #expect(try await auth.told() == ["content", "media", "analytics"].map { "\($0) \(account.id)" }.sorted())
            #expect(try await auth.account(email: account.email).id != account.id)
        }
    }

    @Test("leaves the audit log without a name, and what others did with theirs")
    func audit() async throws {
        try await withAuth { auth in
            let admin = try await auth.account(.admin)
            let account = try await auth.account()
            let path = "/auth/users/\(account.id)"
            let tag = try await auth.send(.get, path, token: admin.accessToken).etag
            _ = try await auth.send(
                .patch, path, token: admin.accessToken, headers: [.ifMatch: tag ?? ""],
                body: #"{"display_name":"Mira"}"#, from: "198.51.100.77")
            #expect(try await auth.erase(account, from: "198.51.100.9").status == .noContent)
            let log = try await auth.send(.get, "/auth/audit", token: admin.accessToken)
            let records = log.items.filter { $0["action"] != "mail.sent" }.prefix(3)
            #expect(records.map { $0["action"] } == ["user.deleted", "user.changed", "user.signed_up"])
            #expect(records.map { $0["target"] } == [.null, .null, .null])
            #expect(records.map { $0["actor"] } == [.null, .string(admin.id.description), .null])
            #expect(records.map { $0["ip"] } == [.null, "198.51.100.77", .null])
            #expect(records.allSatisfy { $0["detail"] == .object(["erased": .bool(true)]) })
        }
    }

    @Test("is told of as well when an administrator deletes the account")
    func byAdministrator() async throws {
        try await withAuth { auth in
            let admin = try await auth.account(.admin)
            let account = try await auth.account()
            let answer = try await auth.send(.delete, "/auth/users/\(account.id)", token: admin.accessToken)
            #expect(answer.status == .noContent)
            #expect(try await auth.told().count == 3)
            let log = try await auth.send(.get, "/auth/audit?action=user.deleted", token: admin.accessToken)
            #expect(log.items.map { $0["actor"] } == [.string(admin.id.description)])
            #expect(log.items.map { $0["target"] } == [.null])
        }
    }

    @Test("stays for who doesn't know the password, who is slowed down like at login")
    func wrongPassword() async throws {
        try await withAuth(["LOGIN_FAILURES_PER_ACCOUNT": "2"]) { auth in
            let account = try await auth.account()
            for expected in [422, 422, 429] {
                let answer = try await auth.erase(account, password: "wrong password")
                #expect(answer.status.code == expected)
                if expected == 422 { #expect(answer.invalidFields == ["current_password"]) }
            }
            #expect(try await auth.erase(account).status == .tooManyRequests)
            #expect(try await auth.count("SELECT count(*) FROM users") == 1)
            #expect(try await auth.told() == [])
        }
    }

    @Test("of administrators goes as long as one is left, however many leave at once")
    func lastAdministrator() async throws {
        try await withAuth { auth in
            var admins: [Account] = []
            for _ in 0..<3 { admins.append(try await auth.account(.admin)) }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for admin in admins { group.addTask { try await auth.erase(admin).status.code } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [204, 204, 409])
            #expect(try await auth.count("SELECT count(*) FROM users WHERE role = 'admin'") == 1)
        }
    }

    @Test("is told of once more when the user's last token has run out, and then forgotten here too")
    func secondNews() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let other = try await auth.account()
            _ = try await auth.erase(account)
            _ = try await auth.send(.post, "/auth/logout?scope=all", token: other.accessToken)
            let housekeeping = Housekeeping(
                database: auth.database, tokenLifetime: 960, lifetimes: auth.settings.lifetimes,
                outbox: Outbox(targets: ["content"]), logger: quietLogger)
            try await housekeeping.sweep()
            #expect(try await auth.told().count == 3)
            try await auth.database.query("UPDATE revocations SET issued_until = issued_until - 1100")
            for _ in 0..<2 { try await housekeeping.sweep() }
            #expect(try await auth.told().filter { $0 == "content \(account.id)" }.count == 2)
            #expect(try await auth.told().count == 4)
            #expect(try await auth.count("SELECT count(*) FROM revocations") == 0)
        }
    }
}

extension AuthFixture {
    fileprivate func erase(
        _ account: Account, password: String = Self.password, from address: String = "203.0.113.5"
    ) async throws -> Answer {
        try await send(
            .delete, "/auth/me", token: account.accessToken,
            body: try ["current_password": .string(password)].text, from: address)
    }

    /// Who is still to be told of which account's end.
    fileprivate func told() async throws -> [String] {
        let rows = try await database.query(
            """
            SELECT target || ' ' || (event -> 'data' ->> 'user_id') AS line
              FROM outbox
             WHERE event ->> 'type' = 'user.deleted'
             ORDER BY line
            """)
        return try rows.map { try $0["line"] }
    }
}

extension JSONValue {
    fileprivate var list: [JSONValue] {
        guard case .array(let items) = self else { return [] }
        return items
    }
}
