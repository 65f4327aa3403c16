import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("The audit log", .enabled(if: TestDatabase.isAvailable))
struct AuditTests {
    @Test("tells who did what to whom, when and from where")
    func records() async throws {
        try await withAuth { auth in
            let admin = try await auth.account(.admin)
            let user = try await auth.account()
            let path = "/auth/users/\(user.id)"
            let tag = try await auth.send(.get, path, token: admin.accessToken).etag
            let answer = try await auth.send(
                .patch, path, token: admin.accessToken, headers: [.ifMatch: tag ?? "", .requestID: "audit-test"],
                body: #"{"role":"teacher","disabled":true}"#, from: "198.51.100.4")
            #expect(answer.status == .ok)
            let log = try await auth.send(
                .get, "/auth/audit?actor=\(admin.id)&target=\(user.id)&count=exact", token: admin.accessToken)
            #expect(log["total"] == .integer(2))
            #expect(log.items.map { $0["action"] } == ["user.disabled", "user.role_changed"])
            for record in log.items {
                #expect(record["actor"] == .string(admin.id.description))
                #expect(record["target"] == .string(user.id.description))
                #expect(record["ip"] == "198.51.100.4")
                #expect(record["request_id"] == "audit-test")
                #expect(record["at"].string != nil)
            }
            #expect(log.items[1]["detail"] == .object(["from": "student", "to": "teacher"]))
        }
    }

    @Test("has every kind of event, each with its change")
    func everyAction() async throws {
        try await withAuth { auth in
            let admin = try await auth.account(.admin)
            let user = try await auth.account()
            _ = try await auth.post(
                "/auth/signup", ["email": .string(user.email), "password": "seven brown owls"])
            _ = try await auth.logIn(user.email, "wrong password")
            let me = try await auth.send(.get, "/auth/me", token: user.accessToken).etag
            _ = try await auth.patch("/auth/me", ["display_name": "Mira"], token: user.accessToken, match: me)
            _ = try await auth.post(
                "/auth/password/change",
                ["current_password": .string(AuthFixture.password), "password": "eight white swans"],
                token: user.accessToken)
            _ = try await auth.refresh(user.refreshToken)
            try await auth.database.query("UPDATE refresh_tokens SET used_at = used_at - interval '1 minute'")
            _ = try await auth.refresh(user.refreshToken)
            let again = try Account(try await auth.logIn(user.email, "eight white swans"))
            _ = try await auth.send(.post, "/auth/logout", token: again.accessToken)
            let third = try Account(try await auth.logIn(user.email, "eight white swans"))
            _ = try await auth.send(.post, "/auth/logout?scope=all", token: third.accessToken)
            let made = try await auth.post(
                "/auth/users", ["email": "una@example.org", "role": "student"], token: admin.accessToken)
            let path = try #require(made.headers[.location])
            var tag = made.etag
            for change: [String: JSONValue] in [
                ["display_name": "Una"], ["role": "teacher"], ["disabled": .bool(true)], ["disabled": .bool(false)],
            ] {
                tag = try await auth.patch(path, change, token: admin.accessToken, match: tag).etag
            }
            _ = try await auth.send(.delete, path, token: admin.accessToken)
            try await useTwoFactor(of: try await auth.account(), helpedBy: admin, auth)
            let keys = PostgresTokenState(database: auth.database, tokenLifetime: 960)
            _ = try await keys.rotate(lead: 60, AuditEntry(action: .keyRotated, origin: .commandLine))

            let known = try #require(try await auth.mail(to: admin.email, "/verify-email").token)
            _ = try await auth.send(.post, "/auth/email/resend", token: admin.accessToken)
            _ = try await auth.verify(try await auth.mail(to: admin.email, "/verify-email", after: [known]).token)
            _ = try await auth.reset(try await auth.resetToken(user.email))
            try await auth.mailQueueIsEmpty()
            try auth.breakMailFolder()
            _ = try await auth.forgot(user.email)
            try await auth.database.query("UPDATE mails SET attempts = 1000, due_at = now()")
            try await auth.mailQueueIsEmpty()

            let rows = try await auth.database.query("SELECT DISTINCT action FROM audit_log")
            let actions: [String] = try rows.map { try $0[0] }
            #expect(Set(actions) == Set(AuditAction.allCases.map(\.rawValue)))
            for action in AuditAction.allCases {
                let answer = try await auth.send(
                    .get, "/auth/audit?action=\(action.rawValue)", token: admin.accessToken)
                #expect(answer.items.allSatisfy { $0["action"] == .string(action.rawValue) })
                #expect(!answer.items.isEmpty)
            }
        }
    }

    private func useTwoFactor(of user: Account, helpedBy admin: Account, _ auth: AuthFixture) async throws {
        let password: [String: JSONValue] = ["current_password": .string(AuthFixture.password)]
        let codes = try await auth.enrol(user).recoveryCodes
        _ = try await auth.complete(try await auth.challenge(user.email), codes[0])
        _ = try await auth.post("/auth/two-factor/recovery-codes", password, token: user.accessToken)
        _ = try await auth.post("/auth/two-factor/disable", password, token: user.accessToken)
        _ = try await auth.enrol(user)
        _ = try await auth.send(.delete, "/auth/users/\(user.id)/two-factor", token: admin.accessToken)
    }

    @Test("keeps no password and no token")
    func keepsNoSecrets() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            _ = try await auth.logIn(account.email, "a secret mistyped")
            _ = try await auth.logIn("a secret in the wrong field", "wrong password")
            _ = try await auth.refresh(account.refreshToken)
            let text: String = try await auth.database.query("SELECT string_agg(a::text, ' ') FROM audit_log AS a")[0][
                0]
            for secret in ["a secret", AuthFixture.password, account.refreshToken, account.accessToken] {
                #expect(!text.contains(secret))
            }
        }
    }

    @Test("comes in pages, the newest first, and refuses filters that mean nothing")
    func pages() async throws {
        try await withAuth { auth in
            let admin = try await auth.account(.admin)
            for _ in 0..<5 { _ = try await auth.logIn(admin.email) }
            let first = try await auth.send(.get, "/auth/audit?action=session.opened&limit=4", token: admin.accessToken)
            let cursor = try #require(first["next_cursor"].string)
            _ = try await auth.logIn(admin.email)
            let second = try await auth.send(
                .get, "/auth/audit?action=session.opened&limit=4&cursor=\(cursor)", token: admin.accessToken)
            #expect(first.items.count == 4)
            #expect(second.items.count == 2)
            #expect(second["next_cursor"] == .null)
            for query in ["actor=me", "target=1", "action=everything", "cursor=eyJ9"] {
                let answer = try await auth.send(.get, "/auth/audit?\(query)", token: admin.accessToken)
                #expect(answer.status == .unprocessableContent, "\(query)")
            }
        }
    }
}

extension HTTPField.Name {
    static let requestID = Self("X-Request-Id")!
}
