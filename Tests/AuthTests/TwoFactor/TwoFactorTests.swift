import FoundationEssentials
import HTTPTypes
import PostgresTesting
import ServiceKit
import Testing
import WireProtocol

@testable import Auth

@Suite("The second factor", .enabled(if: TestDatabase.isAvailable))
struct TwoFactorTests {
    private let password: [String: JSONValue] = ["current_password": .string(AuthFixture.password)]

    @Test("is in force when its first code was shown; other sessions end, this one rises")
    func enrolment() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let other = try Account(try await auth.logIn(account.email))
            let begun = try await auth.post("/auth/two-factor", password, token: account.accessToken)
            #expect(begun.headers[.cacheControl] == "no-store")
            let app = try AuthFixture.app(begun)
            // Not yet in force: a login needs no code, and another secret can be had.
            #expect(try await auth.logIn(account.email).status == .ok)
            let wrong = try await auth.post(
                "/auth/two-factor/confirm", ["code": "000000"], token: account.accessToken)
            #expect(wrong.status == .unprocessableContent)
            #expect(wrong.invalidFields == ["code"])
            let code = app.code(step: Authenticator.step(at: Date()))
            let confirmed = try await auth.post(
                "/auth/two-factor/confirm", ["code": .string(code)], token: account.accessToken)
            #expect(confirmed["recovery_codes"].strings.count == 10)
            #expect(confirmed.headers[.cacheControl] == "no-store")

            let state = try await auth.send(.get, "/auth/two-factor", token: account.accessToken)
            #expect(state["enabled"] == .bool(true))
            #expect(state["required"] == .bool(false))
            #expect(state["recovery_codes_left"] == .integer(10))
            #expect(try await auth.send(.get, "/auth/me", token: other.accessToken).status == .unauthorized)
            #expect(try await auth.refresh(other.refreshToken).status == .unauthorized)
            let next = try Account(try await auth.refresh(account.refreshToken))
            #expect(next.claims.assurance == .two)
            #expect(try await auth.post("/auth/two-factor", password, token: next.accessToken).status == .conflict)
            let again = try await auth.post(
                "/auth/two-factor/confirm", ["code": .string(code)], token: next.accessToken)
            #expect(again.status == .conflict)
        }
    }

    @Test("is not begun, given up or renewed without the password or a code")
    func needsProof() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let token = account.accessToken
            let wrong: [String: JSONValue] = ["current_password": "eight white swans"]
            #expect(try await auth.post("/auth/two-factor", wrong, token: token).invalidFields == ["current_password"])
            _ = try await auth.enrol(account)
            for path in ["/auth/two-factor/disable", "/auth/two-factor/recovery-codes"] {
                #expect(try await auth.post(path, [:], token: token).invalidFields == ["code"])
                #expect(try await auth.post(path, wrong, token: token).invalidFields == ["current_password"])
                #expect(try await auth.post(path, ["code": "000000"], token: token).invalidFields == ["code"])
            }
            #expect(try await auth.logIn(account.email).status == .forbidden)
        }
    }

    @Test("can be given up with the password, a code, or a recovery code", arguments: ["password", "code", "recovery"])
    func disabling(proof: String) async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let device = try await auth.enrol(account)
            let body: [String: JSONValue] =
                switch proof {
                case "password": password
                case "code": ["code": .string(device.code(later: 1))]
                default: ["code": .string(device.recoveryCodes[0])]
                }
            let path = "/auth/two-factor/disable"
            #expect(try await auth.post(path, body, token: account.accessToken).status == .noContent)
            #expect(try await auth.post(path, password, token: account.accessToken).status == .conflict)
            let session = try Account(try await auth.logIn(account.email))
            #expect(session.claims.assurance == .one)
            #expect(try Account(try await auth.refresh(account.refreshToken)).claims.assurance == .one)
            #expect(try await auth.count("SELECT count(*) FROM recovery_codes") == 0)
        }
    }

    @Test("gets new recovery codes in place of the old")
    func newRecoveryCodes() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let device = try await auth.enrol(account)
            let answer = try await auth.post(
                "/auth/two-factor/recovery-codes", ["code": .string(device.code(later: 1))], token: account.accessToken)
            let codes = answer["recovery_codes"].strings
            #expect(codes.count == 10)
            #expect(Set(codes).isDisjoint(with: device.recoveryCodes))
            let challenge = try await auth.challenge(account.email)
            #expect(try await auth.complete(challenge, device.recoveryCodes[0]).status == .unauthorized)
            #expect(try await auth.complete(challenge, codes[0]).status == .ok)
        }
    }

    @Test("is kept so that the database alone gives away neither secret nor codes")
    func atRest() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let device = try await auth.enrol(account)
            let sealed: [UInt8] = try await auth.database.query("SELECT secret FROM authenticators")[0][0]
            #expect(sealed.count == 12 + 20 + 16)
            #expect(!Data(sealed).base64EncodedString().contains(Data(device.app.secret).base64EncodedString()))
            let hashes: [[UInt8]] = try await auth.database.query("SELECT hash FROM recovery_codes").map { try $0[0] }
            #expect(Set(hashes) == Set(device.recoveryCodes.compactMap { RecoveryCode($0)?.hash }))
        }
    }

    @Test("can be taken away by an administrator, which ends the sessions")
    func reset() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            _ = try await auth.enrol(account)
            let admin = try await auth.account(.admin)
            let path = "/auth/users/\(account.id)/two-factor"
            #expect(try await auth.send(.delete, path, token: account.accessToken).status == .forbidden)
            #expect(try await auth.send(.delete, path, token: admin.accessToken).status == .noContent)
            #expect(try await auth.send(.delete, path, token: admin.accessToken).status == .notFound)
            #expect(try await auth.send(.get, "/auth/me", token: account.accessToken).status == .unauthorized)
            #expect(try await auth.logIn(account.email).status == .ok)
            let noted = try await auth.count(
                "SELECT count(*) FROM audit_log WHERE action = 'two_factor.reset' AND actor = $1 AND target = $2",
                [admin.id.rawValue, account.id.rawValue])
            #expect(noted == 1)
        }
    }

    @Test("that was begun and left is forgotten after a day")
    func housekeeping() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            _ = try await auth.post("/auth/two-factor", password, token: account.accessToken)
            try await auth.database.query("UPDATE authenticators SET created_at = now() - interval '25 hours'")
            try await Housekeeping(
                database: auth.database, tokenLifetime: 960, lifetimes: auth.settings.lifetimes,
                outbox: Outbox(targets: []), logger: quietLogger
            ).sweep()
            #expect(try await auth.count("SELECT count(*) FROM authenticators") == 0)
        }
    }
}

@Suite("A second factor that a role needs", .enabled(if: TestDatabase.isAvailable))
struct RequiredTwoFactorTests {
    private let required = ["TWO_FACTOR_ROLES": "teacher, admin"]

    @Test("is enrolled on the way in: without it the password opens nothing")
    func enrolment() async throws {
        try await withAuth(required) { auth in
            let account = try await auth.account()
            try await auth.database.query("UPDATE users SET role = 'teacher'")
            let refused = try await auth.logIn(account.email)
            #expect(refused.status == .forbidden)
            #expect(refused["challenge"]["step"] == "enrolment")
            #expect(refused["detail"].string?.contains("/auth/login/enrolment") == true)
            let token = try #require(refused["challenge"]["token"].string)
            #expect(try await auth.complete(token, "123456").status == .unauthorized)

            let early = try await confirm(token, "123456", auth)
            #expect(early.status == .conflict)
            let app = try AuthFixture.app(
                try await auth.post("/auth/login/enrolment", ["challenge_token": .string(token)]))
            #expect(try await confirm(token, "000000", auth).status == .unauthorized)
            let answer = try await confirm(token, app.code(step: Authenticator.step(at: Date())), auth)
            #expect(answer["recovery_codes"].strings.count == 10)
            let session = try Account(answer)
            #expect(session.claims.assurance == .two)
            #expect(session.claims.role == .teacher)
            #expect(
                try await auth.post("/auth/login/enrolment", ["challenge_token": .string(token)]).status
                    == .unauthorized)

            let body: [String: JSONValue] = ["current_password": .string(AuthFixture.password)]
            #expect(
                try await auth.post("/auth/two-factor/disable", body, token: session.accessToken).status == .conflict)
            let state = try await auth.send(.get, "/auth/two-factor", token: session.accessToken)
            #expect(state["required"] == .bool(true))
        }
    }

    private func confirm(_ token: String, _ code: String, _ auth: AuthFixture) async throws -> Answer {
        try await auth.post(
            "/auth/login/enrolment/confirm", ["challenge_token": .string(token), "code": .string(code)])
    }

    @Test("ends, at their next refresh, sessions that were opened without it")
    func oldSessions() async throws {
        try await withAuth(required) { auth in
            let account = try await auth.account()
            try await auth.database.query("UPDATE users SET role = 'admin'")
            #expect(try await auth.refresh(account.refreshToken).status == .unauthorized)
        }
    }

    @Test("is asked for at sign-up when students need it")
    func signUp() async throws {
        try await withAuth(["TWO_FACTOR_ROLES": "student"]) { auth in
            let body: [String: JSONValue] = ["email": "mira@example.org", "password": .string(AuthFixture.password)]
            let answer = try await auth.post("/auth/signup", body)
            #expect(answer.status == .forbidden)
            #expect(answer["challenge"]["step"] == "enrolment")
            #expect(try await auth.count("SELECT count(*) FROM users") == 1)
            #expect(try await auth.count("SELECT count(*) FROM sessions") == 0)
        }
    }
}
