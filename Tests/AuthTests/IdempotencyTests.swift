import HTTPTypes
import PostgresTesting
import ServiceKit
import Testing
import WireProtocol

@testable import Auth

@Suite("A repeated Idempotency-Key", .enabled(if: TestDatabase.isAvailable))
struct IdempotencyTests {
    private func signUp(_ auth: AuthFixture, key: String, password: String = AuthFixture.password) async throws
        -> Answer
    {
        try await auth.send(
            .post, "/auth/signup", headers: [.idempotencyKey: key],
            body: try ["email": "mira@example.org", "password": .string(password)].text)
    }

    @Test("gets the first answer again, and makes one account")
    func repeats() async throws {
        try await withAuth { auth in
            let first = try await signUp(auth, key: "k1")
            let again = try await signUp(auth, key: "k1")
            #expect(first.status == .created)
            #expect(again.status == .created)
            #expect(again.body == first.body)
            #expect(try await auth.count("SELECT count(*) FROM sessions") == 1)
            #expect(try await signUp(auth, key: "k1", password: "eight white swans").status == .unprocessableContent)
            #expect(try await signUp(auth, key: "k2").status == .conflict)
        }
    }

    @Test("leaves no token in the database, and no digest of a password to guess at")
    func isSealed() async throws {
        try await withAuth { auth in
            let account = try Account(try await signUp(auth, key: "k1"))
            let kept: [UInt8] = try await auth.database.query("SELECT body FROM idempotency_keys")[0][0]
            let text = String(decoding: kept, as: UTF8.self)
            #expect(!text.contains(account.refreshToken))
            #expect(!text.contains("mira"))
            let digests = try await auth.count(
                "SELECT count(*) FROM idempotency_keys WHERE body_sha256 = sha256(convert_to($1, 'UTF8'))",
                [try ["email": "mira@example.org", "password": .string(AuthFixture.password)].text])
            #expect(digests == 0)
        }
    }

    @Test("of a failed login is no answer to keep")
    func failuresAreNotKept() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            for (password, status) in [("wrong one", 401), (AuthFixture.password, 200), ("wrong one", 422)] {
                let answer = try await auth.send(
                    .post, "/auth/login", headers: [.idempotencyKey: "k1"],
                    body: try ["email": .string(account.email), "password": .string(password)].text)
                #expect(answer.status.code == status)
            }
        }
    }
}
