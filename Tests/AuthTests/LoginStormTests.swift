import Dispatch
import HTTPTypes
import PostgresTesting
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("While every place for hashing is taken", .enabled(if: TestDatabase.isAvailable))
struct LoginStormTests {
    @Test("whatever needs a hash gets 503 with Retry-After, whoever asks, and counts for nothing")
    func refuses() async throws {
        try await withStorm { auth, account, storm in
            let fields: [String: JSONValue] = ["current_password": .string(AuthFixture.password)]
            let token = try await auth.resetToken(account.email)
            try await storm {
                let answers = [
                    try await auth.logIn(account.email),
                    try await auth.logIn("nobody@example.org"),
                    try await auth.post(
                        "/auth/signup", ["email": "una@example.org", "password": .string(AuthFixture.password)]),
                    try await auth.post(
                        "/auth/password/change", fields.merging(["password": "eight white swans"]) { $1 },
                        token: account.accessToken),
                    try await auth.post("/auth/two-factor", fields, token: account.accessToken),
                    try await auth.reset(token),
                ]
                for answer in answers {
                    #expect(answer.status == .serviceUnavailable)
                    #expect(answer.headers[.retryAfter] == "2")
                    #expect(answer.problem == answers[0].problem)
                }
            }
            #expect(try await auth.count("SELECT count(*) FROM login_failures WHERE bucket LIKE 'account %'") == 0)
            #expect(try await auth.reset(token).status == .noContent)
            #expect(try await auth.logIn(account.email, "eight white swans").status == .ok)
        }
    }

    @Test("accounts, tokens, sessions and revocations are served as ever")
    func serves() async throws {
        try await withStorm { auth, account, storm in
            let elsewhere = try Account(try await auth.logIn(account.email))
            try await storm {
                #expect(try await auth.send(.get, "/auth/me", token: account.accessToken).status == .ok)
                #expect(try await auth.refresh(account.refreshToken).status == .ok)
                #expect(try await auth.send(.get, "/auth/sessions", token: account.accessToken).items.count == 2)
                #expect(try await auth.send(.get, "/auth/.well-known/jwks.json").status == .ok)
                #expect(try await auth.send(.post, "/auth/logout", token: elsewhere.accessToken).status == .noContent)
                #expect(try await auth.send(.get, "/auth/me", token: elsewhere.accessToken).status == .unauthorized)
                let service = try await TestTokens().serviceToken()
                let revocations = try await auth.send(.get, "/internal/revocations", token: service)
                #expect(revocations.status == .ok)
                #expect(try await auth.forgot(account.email).status == .accepted)
            }
        }
    }

    /// Runs work while every thread and every place in the queue is taken.
    private typealias Storm = (_ work: () async throws -> Void) async throws -> Void

    private func withStorm(_ body: @Sendable (AuthFixture, Account, Storm) async throws -> Void) async throws {
        let (threads, queue) = (2, 3)
        try await withAuth(["HASH_THREADS": "\(threads)", "HASH_QUEUE": "\(queue)"]) { auth in
            let hasher = auth.parts.hasher
            try await body(auth, try await auth.account()) { work in
                let gate = DispatchSemaphore(value: 0)
                try await withThrowingTaskGroup { group in
                    for _ in 0..<threads + queue { group.addTask { try await hasher.run { gate.wait() } } }
                    defer { for _ in 0..<threads + queue { gate.signal() } }
                    try await eventually { hasher.load == threads + queue }
                    try await work()
                }
            }
        }
    }
}
