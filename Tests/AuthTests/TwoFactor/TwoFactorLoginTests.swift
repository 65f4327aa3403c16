import FoundationEssentials
import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("Login with a second factor", .enabled(if: TestDatabase.isAvailable))
struct TwoFactorLoginTests {
    @Test("asks for a code after the right password, and opens a session that says so in each of its tokens")
    func succeeds() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            #expect(account.claims.assurance == .one)
            #expect(account.claims.authenticationMethods == ["pwd"])
            let device = try await auth.enrol(account)
            let refused = try await auth.logIn(account.email)
            #expect(refused.status == .forbidden)
            #expect(refused["challenge"]["step"] == "two_factor")
            #expect(refused["challenge"]["expires_in"] == .integer(300))
            #expect(refused["access_token"] == .null)
            let challenge = try #require(refused["challenge"]["token"].string)
            var session = try Account(try await auth.complete(challenge, device.code(later: 1)))
            for _ in 0..<2 {
                #expect(session.claims.assurance == .two)
                #expect(session.claims.authenticationMethods == ["pwd", "otp", "mfa"])
                session = try Account(try await auth.refresh(session.refreshToken))
            }
            // A wrong password learns nothing of the second factor.
            #expect(try await auth.logIn(account.email, "eight white swans").status == .unauthorized)
        }
    }

    @Test("takes a code once, whoever shows it again in which login")
    func noReplay() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let device = try await auth.enrol(account)
            let code = device.code(later: 1)
            let challenges = try await (0..<8).asyncMap { _ in try await auth.challenge(account.email) }
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for challenge in challenges { group.addTask { try await auth.complete(challenge, code) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter { $0.status == .ok }.count == 1)
            #expect(answers.filter { $0.status == .unauthorized }.count == 7)
        }
    }

    @Test("takes each recovery code once, and notes it")
    func recoveryCodes() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let device = try await auth.enrol(account)
            let session = try Account(
                try await auth.complete(try await auth.challenge(account.email), device.recoveryCodes[3].uppercased()))
            #expect(session.claims.authenticationMethods == ["pwd", "recovery_code", "mfa"])
            let again = try await auth.complete(try await auth.challenge(account.email), device.recoveryCodes[3])
            #expect(again.status == .unauthorized)
            let state = try await auth.send(.get, "/auth/two-factor", token: session.accessToken)
            #expect(state["recovery_codes_left"] == .integer(9))
            #expect(
                try await auth.count("SELECT count(*) FROM audit_log WHERE action = 'two_factor.recovery_code_used'")
                    == 1)
        }
    }

    @Test("uses up its challenge by success")
    func singleUse() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let device = try await auth.enrol(account)
            let challenge = try await auth.challenge(account.email)
            #expect(try await auth.complete(challenge, device.code(later: 1)).status == .ok)
            try await auth.letCodesPass()
            #expect(try await auth.complete(challenge, device.code(later: 1)).status == .unauthorized)
        }
    }

    @Test("begins anew after five wrong codes, and is refused by address after ten")
    func boundsGuesses() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let device = try await auth.enrol(account)
            for _ in 0..<2 {
                let challenge = try await auth.challenge(account.email)
                for _ in 0..<5 { #expect(try await auth.complete(challenge, "000000").status == .unauthorized) }
                let spent = try await auth.complete(challenge, device.code(later: 1))
                #expect(spent.status == .unauthorized)
            }
            let answer = try await auth.complete(try await auth.challenge(account.email), device.code(later: 1))
            #expect(answer.status == .tooManyRequests)
            #expect(answer.headers[.retryAfter] != nil)
        }
    }

    @Test("is refused with a challenge that is expired, of another step, of a disabled account, or none")
    func refusesChallenges() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let device = try await auth.enrol(account)
            let expired = try await auth.challenge(account.email)
            try await auth.database.query("UPDATE login_challenges SET expires_at = now()")
            let good = try await auth.challenge(account.email)
            for token in [expired, "", "x", RefreshToken().description, account.refreshToken] {
                #expect(try await auth.complete(token, device.code(later: 1)).status == .unauthorized)
            }
            let other = try await auth.post("/auth/login/enrolment", ["challenge_token": .string(good)])
            #expect(other.status == .unauthorized)
            try await auth.database.query("UPDATE users SET disabled_at = now()")
            #expect(try await auth.complete(good, device.code(later: 1)).status == .unauthorized)
        }
    }

    @Test("does not survive a change of the password")
    func passwordChange() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let device = try await auth.enrol(account)
            let challenge = try await auth.challenge(account.email)
            let change = try await auth.post(
                "/auth/password/change",
                ["current_password": .string(AuthFixture.password), "password": "eight white swans"],
                token: account.accessToken)
            #expect(change.status == .noContent)
            #expect(try await auth.complete(challenge, device.code(later: 1)).status == .unauthorized)
        }
    }

    @Test("wants a code of some form", arguments: ["", "12345", "hello", "1234567"])
    func badForm(code: String) async throws {
        try await withAuth { auth in
            let answer = try await auth.complete("x", code)
            #expect(answer.status == .unprocessableContent)
            #expect(answer.invalidFields == ["code"])
        }
    }
}
