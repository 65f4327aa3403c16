import HTTPTypes
import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("A forgotten password", .enabled(if: TestDatabase.isAvailable))
struct RecoveryTests {
    @Test("is replaced by a link from a mail, which ends every session and works once")
    func resets() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let token = try await auth.resetToken(account.email)
            #expect(try await auth.reset(token).status == .noContent)
            #expect(try await auth.send(.get, "/auth/me", token: account.accessToken).status == .unauthorized)
            #expect(try await auth.refresh(account.refreshToken).status == .unauthorized)
            #expect(try await auth.logIn(account.email).status == .unauthorized)
            let again = try await auth.logIn(account.email, "eight white swans")
            #expect(again.status == .ok)
            #expect(again["user"]["email_verified"] == .bool(true))
            let used = try await auth.reset(token, "nine grey geese")
            #expect(used.status == .unprocessableContent)
            #expect(used.invalidFields == ["token"])
            _ = try await auth.mail(to: account.email, "/forgot-password")
        }
    }

    @Test("is replaced once, however many use the link at once")
    func isUsedOnce() async throws {
        try await withAuth { auth in
            let token = try await auth.resetToken(try await auth.account().email)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await auth.reset(token).status.code } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [204] + Array(repeating: 422, count: 7))
        }
    }

    @Test("gets the same answer whether there is an account or not, without a look at the accounts")
    func doesNotTell() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            try await auth.mailQueueIsEmpty()
            // Nothing on the way to the answer can depend on what it can't read.
            try await auth.database.query("ALTER TABLE users RENAME TO hidden_users")
            let known = try await auth.forgot(account.email)
            let unknown = try await auth.forgot("nobody@example.org")
            try await auth.database.query("ALTER TABLE hidden_users RENAME TO users")
            for answer in [known, unknown] {
                #expect(answer.status == .accepted)
                #expect(answer.body == .null)
            }
            #expect(Set(known.headers.map(\.name)) == Set(unknown.headers.map(\.name)))
            try await auth.database.query("UPDATE mails SET due_at = now()")
            _ = try await auth.mail(to: account.email, "/reset-password")
            try await auth.mailQueueIsEmpty()
            #expect(try auth.written(to: "nobody@example.org", "").isEmpty)
            #expect(
                try await auth.count(
                    "SELECT count(*) FROM audit_log WHERE action = 'password.reset_requested' AND target IS NULL") == 2)
        }
    }

    @Test("of a disabled account is not replaced")
    func disabled() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let token = try await auth.resetToken(account.email)
            try await auth.mailQueueIsEmpty()
            try await auth.database.query("UPDATE users SET disabled_at = now() WHERE id = $1", [account.id.rawValue])
            #expect(try await auth.reset(token).status == .unprocessableContent)
            #expect(try await auth.forgot(account.email).status == .accepted)
            try await auth.mailQueueIsEmpty()
            #expect(try auth.written(to: account.email, "/reset-password").count == 1)
        }
    }

    @Test("is not replaced by an older link, an expired one, another account's address or another kind of link")
    func refusesOthers() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let first = try await auth.resetToken(account.email)
            let second = try await auth.resetToken(account.email, after: [first])
            #expect(try await auth.reset(first).status == .unprocessableContent)

            let verification = try await auth.mail(to: account.email, "/verify-email").token
            #expect(try await auth.reset(verification).status == .unprocessableContent)
            #expect(try await auth.verify(second).status == .unprocessableContent)
            for nonsense in ["", "short", String(repeating: "x", count: 43), second + "x"] {
                #expect(try await auth.reset(nonsense).invalidFields == ["token"])
            }

            try await auth.database.query(
                "UPDATE users SET email = 'other@example.org' WHERE id = $1", [account.id.rawValue])
            #expect(try await auth.reset(second).status == .unprocessableContent)
            try await auth.database.query(
                "UPDATE users SET email = $2::citext WHERE id = $1", [account.id.rawValue, account.email])
            try await auth.database.query("UPDATE one_time_tokens SET expires_at = now() - interval '1 second'")
            #expect(try await auth.reset(second).status == .unprocessableContent)
            try await auth.database.query("UPDATE one_time_tokens SET expires_at = now() + interval '1 minute'")
            #expect(try await auth.reset(second).status == .noContent)
        }
    }

    @Test("is replaced by one that the rules allow, and a refusal leaves the link good")
    func rules() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let token = try await auth.resetToken(account.email)
            for bad in ["short", "password123", String(repeating: "ä", count: 37), account.email] {
                let answer = try await auth.reset(token, bad)
                #expect(answer.status == .unprocessableContent, "\(bad)")
                #expect(answer.invalidFields == ["password"], "\(bad)")
            }
            #expect(try await auth.reset(token).status == .noContent)
        }
    }

    @Test("is asked for no more once the password was changed by its owner")
    func withdrawn() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let token = try await auth.resetToken(account.email)
            let change: [String: JSONValue] = [
                "current_password": .string(AuthFixture.password), "password": "nine grey geese",
            ]
            #expect(
                try await auth.post("/auth/password/change", change, token: account.accessToken).status == .noContent)
            #expect(try await auth.reset(token).status == .unprocessableContent)
            _ = try await auth.mail(to: account.email, "/forgot-password")
        }
    }

    @Test("lets its owner in at once after a reset, though logins had failed too often there")
    func forgetsFailures() async throws {
        try await withAuth(["LOGIN_FAILURES_PER_ACCOUNT": "2"]) { auth in
            let account = try await auth.account()
            for _ in 0..<3 { _ = try await auth.logIn(account.email, "wrong password") }
            #expect(try await auth.logIn(account.email).status == .tooManyRequests)
            #expect(try await auth.reset(try await auth.resetToken(account.email)).status == .noContent)
            #expect(try await auth.logIn(account.email, "eight white swans").status == .ok)
        }
    }

    @Test("leaves no token in the database, only its SHA-256")
    func keepsHashes() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let token = try await auth.resetToken(account.email)
            try await auth.mailQueueIsEmpty()
            let hash = try #require(OneTimeToken(token)).hash
            #expect(try await auth.count("SELECT count(*) FROM one_time_tokens WHERE hash = $1", [hash]) == 1)
            for table: SQL in ["one_time_tokens", "mails", "audit_log", "login_failures"] {
                let rows = try await auth.database.query("SELECT t::text FROM " + table + " AS t")
                for row in rows { #expect(try !(row[0] as String).contains(token)) }
            }
        }
    }
}
