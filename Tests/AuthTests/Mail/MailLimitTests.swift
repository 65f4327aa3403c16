import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("Limits on mails", .enabled(if: TestDatabase.isAvailable))
struct MailLimitTests {
    private static let attacker = "198.51.100.66"

    @Test("refuse who asks too often for one address, whether it has an account or not", arguments: [true, false])
    func boundsAsking(isKnown: Bool) async throws {
        try await withAuth(["MAILS_PER_RECIPIENT": "3"]) { auth in
            let email = isKnown ? try await auth.account().email : "nobody@example.org"
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<9 { group.addTask { try await auth.forgot(email, from: Self.attacker) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter { $0.status == .accepted }.count == 3)
            let refused = answers.filter { $0.status == .tooManyRequests }
            #expect(refused.count == 6)
            for answer in refused {
                let wait = try #require(answer.headers[.retryAfter].flatMap { Int($0) })
                #expect((1...3_600).contains(wait))
                #expect(answer.headers[HTTPField.Name("RateLimit-Limit")!] == "3")
            }
        }
    }

    @Test("leave the owner the last link when others have asked for too many, and do not refuse them")
    func sparesTheOwner() async throws {
        try await withAuth(["MAILS_PER_RECIPIENT": "2"]) { auth in
            let account = try await auth.account()
            _ = try await auth.forgot(account.email, from: Self.attacker)
            _ = try await auth.mail(to: account.email, "/reset-password")
            _ = try await auth.forgot(account.email, from: "198.51.100.67")
            try await auth.mailQueueIsEmpty()
            let last = try await lastToken(auth, account)
            #expect(try await auth.forgot(account.email).status == .accepted)
            try await auth.mailQueueIsEmpty()
            #expect(try auth.written(to: account.email, "/reset-password").count == 2)
            #expect(try await auth.reset(last).status == .noContent)
        }
    }

    /// The one of the mailed tokens that is still good.
    private func lastToken(_ auth: AuthFixture, _ account: Account) async throws -> String? {
        for mail in try auth.written(to: account.email, "/reset-password") {
            guard let token = mail.token.flatMap({ OneTimeToken($0) }) else { continue }
            if try await auth.count("SELECT count(*) FROM one_time_tokens WHERE hash = $1", [token.hash]) == 1 {
                return token.description
            }
        }
        return nil
    }

    @Test("hold for a network over all addresses, for every replica, until their time is over")
    func networkLimit() async throws {
        try await withTestDatabase(migrations: AuthService.migrations) { database in
            let schema: String = try await database.query("SELECT current_schema()::text")[0][0]
            for number in 0..<3 {
                try await withAuth(["MAILS_PER_ADDRESS": "3"], schema: schema, database) { auth async throws in
                    #expect(try await auth.forgot("nobody\(number)@example.org").status == .accepted)
                }
            }
            try await withAuth(["MAILS_PER_ADDRESS": "3"], schema: schema, database) { auth in
                #expect(try await auth.forgot("nobody@example.org").status == .tooManyRequests)
                #expect(try await auth.forgot("nobody@example.org", from: Self.attacker).status == .accepted)
                try await database.query("UPDATE login_failures SET resets_at = now() - interval '1 second'")
                #expect(try await auth.forgot("nobody@example.org").status == .accepted)
            }
        }
    }

    @Test("bind who wants another link for an own address")
    func resend() async throws {
        try await withAuth(["MAILS_PER_RECIPIENT": "2"]) { auth in
            let token = try await auth.account().accessToken
            for _ in 0..<2 {
                #expect(try await auth.send(.post, "/auth/email/resend", token: token).status == .accepted)
            }
            #expect(try await auth.send(.post, "/auth/email/resend", token: token).status == .tooManyRequests)
        }
    }
}
