import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("One's own account", .enabled(if: TestDatabase.isAvailable))
struct AccountTests {
    @Test("is read with a tag, and not sent again to who has it")
    func read() async throws {
        try await withAuth { auth in
            let token = try await auth.account().accessToken
            let answer = try await auth.send(.get, "/auth/me", token: token)
            let tag = try #require(answer.etag)
            let again = try await auth.send(.get, "/auth/me", token: token, headers: [.ifNoneMatch: tag])
            #expect(again.status == .notModified)
            #expect(again.body == .null)
        }
    }

    @Test("changes only for who has seen its latest state")
    func change() async throws {
        try await withAuth { auth in
            let token = try await auth.account().accessToken
            let tag = try await auth.send(.get, "/auth/me", token: token).etag
            let name: [String: JSONValue] = ["display_name": "Mira"]
            #expect(try await auth.patch("/auth/me", name, token: token, match: nil).status == .preconditionRequired)
            #expect(try await auth.patch("/auth/me", name, token: token, match: "\"99\"").status == .preconditionFailed)
            let changed = try await auth.patch("/auth/me", name, token: token, match: tag)
            #expect(changed.status == .ok)
            #expect(changed["display_name"] == "Mira")
            #expect(changed.etag != tag)
            #expect(try await auth.patch("/auth/me", name, token: token, match: tag).status == .preconditionFailed)
            let cleared = try await auth.patch("/auth/me", ["display_name": .null], token: token, match: changed.etag)
            #expect(cleared["display_name"] == .null)
            let same = try await auth.patch("/auth/me", [:], token: token, match: cleared.etag)
            #expect(same.etag == cleared.etag)
            let german = try await auth.patch("/auth/me", ["locale": "de"], token: token, match: cleared.etag)
            #expect(german["locale"] == "de")
            #expect(german.etag != cleared.etag)
        }
    }

    @Test("changed by two at once is changed by one")
    func twoWriters() async throws {
        try await withAuth { auth in
            let token = try await auth.account().accessToken
            let tag = try await auth.send(.get, "/auth/me", token: token).etag
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        try await auth.patch(
                            "/auth/me", ["display_name": .string("Mira \(number)")], token: token, match: tag
                        ).status.code
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 1)
            #expect(statuses.filter { $0 == 412 }.count == 7)
        }
    }

    @Test("can't be made an administrator's, nor get another e-mail, by its owner")
    func noEscalation() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let tag = try await auth.send(.get, "/auth/me", token: account.accessToken).etag
            _ = try await auth.patch(
                "/auth/me", ["role": "admin", "email": "x@example.org", "email_verified": .bool(true)],
                token: account.accessToken, match: tag)
            let now = try await auth.send(.get, "/auth/me", token: account.accessToken)
            #expect(now["role"] == "student")
            #expect(now["email"] == .string(account.email))
            #expect(now["email_verified"] == .bool(false))
        }
    }

    @Test("can't be used any more when it is disabled or gone, whatever token says")
    func goneAccount() async throws {
        try await withAuth { auth in
            let disabled = try await auth.account()
            let deleted = try await auth.account()
            try await auth.database.query("UPDATE users SET disabled_at = now() WHERE id = $1", [disabled.id.rawValue])
            try await auth.database.query("DELETE FROM users WHERE id = $1", [deleted.id.rawValue])
            for account in [disabled, deleted] {
                let answer = try await auth.send(.get, "/auth/me", token: account.accessToken)
                #expect(answer.status == .unauthorized)
                #expect(answer.headers[.wwwAuthenticate] == #"Bearer error="invalid_token""#)
            }
        }
    }

    @Test("gets a new password, which ends every other session")
    func changePassword() async throws {
        try await withAuth { auth in
            let here = try await auth.account()
            let elsewhere = try Account(try await auth.logIn(here.email))
            let answer = try await auth.post(
                "/auth/password/change",
                ["current_password": .string(AuthFixture.password), "password": "eight white swans"],
                token: here.accessToken)
            #expect(answer.status == .noContent)
            #expect(try await auth.send(.get, "/auth/me", token: here.accessToken).status == .ok)
            #expect(try await auth.refresh(here.refreshToken).status == .ok)
            #expect(try await auth.send(.get, "/auth/me", token: elsewhere.accessToken).status == .unauthorized)
            #expect(try await auth.refresh(elsewhere.refreshToken).status == .unauthorized)
            #expect(try await auth.logIn(here.email).status == .unauthorized)
            #expect(try await auth.logIn(here.email, "eight white swans").status == .ok)
        }
    }

    @Test("keeps its password for who doesn't know it, and is not a place to guess it")
    func guessCurrentPassword() async throws {
        try await withAuth(["LOGIN_FAILURES_PER_ACCOUNT": "3"]) { auth in
            let account = try await auth.account()
            let fields: [String: JSONValue] = ["current_password": "wrong one", "password": "eight white swans"]
            for _ in 0..<3 {
                let answer = try await auth.post("/auth/password/change", fields, token: account.accessToken)
                #expect(answer.status == .unprocessableContent)
                #expect(answer.invalidFields == ["current_password"])
            }
            let answer = try await auth.post("/auth/password/change", fields, token: account.accessToken)
            #expect(answer.status == .tooManyRequests)
            #expect(try await auth.logIn(account.email, from: "203.0.113.99").status == .ok)
        }
    }

    @Test("takes no password that sign-up would refuse", arguments: ["short", "password123"])
    func refusesPasswords(password: String) async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let answer = try await auth.post(
                "/auth/password/change",
                ["current_password": .string(AuthFixture.password), "password": .string(password)],
                token: account.accessToken)
            #expect(answer.status == .unprocessableContent)
            #expect(answer.invalidFields == ["password"])
        }
    }
}
