import HTTPTypes
import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("An e-mail address", .enabled(if: TestDatabase.isAvailable))
struct VerificationTests {
    @Test("is verified by the link that is mailed at sign-up, once")
    func verifies() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let before = try await auth.send(.get, "/auth/me", token: account.accessToken)
            #expect(before["email_verified"] == .bool(false))
            let token = try await auth.mail(to: account.email, "/verify-email").token
            #expect(try await auth.verify(token).status == .noContent)
            let after = try await auth.send(.get, "/auth/me", token: account.accessToken)
            #expect(after["email_verified"] == .bool(true))
            #expect(after.etag != before.etag)
            let again = try await auth.verify(token)
            #expect(again.status == .unprocessableContent)
            #expect(again.invalidFields == ["token"])
        }
    }

    @Test("gets another link on demand, which takes the place of the first; none once it is verified")
    func resends() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let first = try #require(try await auth.mail(to: account.email, "/verify-email").token)
            #expect(try await auth.send(.post, "/auth/email/resend").status == .unauthorized)
            let answer = try await auth.send(.post, "/auth/email/resend", token: account.accessToken)
            #expect(answer.status == .accepted)
            let second = try #require(try await auth.mail(to: account.email, "/verify-email", after: [first]).token)
            #expect(try await auth.verify(first).status == .unprocessableContent)
            #expect(try await auth.verify(second).status == .noContent)
            #expect(
                try await auth.send(.post, "/auth/email/resend", token: account.accessToken).status == .accepted)
            try await auth.mailQueueIsEmpty()
            #expect(try auth.written(to: account.email, "/verify-email").count == 2)
        }
    }

    @Test("is not verified for an account that is disabled, or has another address by then")
    func refuses() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let token = try await auth.mail(to: account.email, "/verify-email").token
            for change: SQL in ["disabled_at = now()", "disabled_at = NULL, email = 'other@example.org'"] {
                try await auth.database.query("UPDATE users SET " + change)
                #expect(try await auth.verify(token).status == .unprocessableContent)
            }
            #expect(try await auth.count("SELECT count(*) FROM users WHERE email_verified_at IS NOT NULL") == 0)
        }
    }
}
