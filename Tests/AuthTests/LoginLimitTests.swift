import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("Limits on failed logins", .enabled(if: TestDatabase.isAvailable))
struct LoginLimitTests {
    private static let attacker = "198.51.100.66"

    private func fail(_ times: Int, _ email: String, from address: String = attacker, _ auth: AuthFixture)
        async throws -> [Answer]
    {
        try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<times { group.addTask { try await auth.logIn(email, "wrong password", from: address) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("answer no more guesses than they say, however many come at once", arguments: [true, false])
    func boundsGuesses(isKnown: Bool) async throws {
        try await withAuth(["LOGIN_FAILURES_PER_ACCOUNT": "5"]) { auth in
            let account = try await auth.account()
            let answers = try await fail(20, isKnown ? account.email : "nobody@example.org", auth)
            #expect(
                answers.filter { $0.status == .unauthorized }.count == 5, "\(answers.map { ($0.status.code, $0.body) })"
            )
            let refused = answers.filter { $0.status == .tooManyRequests }
            #expect(refused.count == 15)
            for answer in refused {
                let wait = try #require(answer.headers[.retryAfter].flatMap { Int($0) })
                #expect((1...900).contains(wait))
                #expect(answer.headers[HTTPField.Name("RateLimit-Limit")!] == "5")
                #expect(answer.headers[HTTPField.Name("RateLimit-Remaining")!] == "0")
                #expect(answer.headers[HTTPField.Name("RateLimit-Reset")!] == String(wait))
            }
        }
    }

    @Test("refuse even the right password from there, and let the owner in from elsewhere")
    func sparesTheOwner() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            _ = try await fail(12, account.email, auth)
            #expect(try await auth.logIn(account.email, from: Self.attacker).status == .tooManyRequests)
            #expect(try await auth.logIn(account.email, from: "203.0.113.77").status == .ok)
        }
    }

    @Test("count failures only, and start anew after a success")
    func countsFailuresOnly() async throws {
        try await withAuth(["LOGIN_FAILURES_PER_ACCOUNT": "3"]) { auth in
            let account = try await auth.account()
            for _ in 0..<5 { #expect(try await auth.logIn(account.email).status == .ok) }
            for _ in 0..<3 {
                _ = try await fail(2, account.email, from: "203.0.113.5", auth)
                #expect(try await auth.logIn(account.email).status == .ok)
            }
        }
    }

    @Test("hold for a network over all accounts, but not for those that are at home there")
    func networkLimit() async throws {
        try await withAuth(["LOGIN_FAILURES_PER_ADDRESS": "4"]) { auth in
            let local = try await auth.account()
            let stranger = try await auth.account()
            _ = try await auth.logIn(local.email, from: Self.attacker)
            for number in 0..<4 { _ = try await fail(1, "nobody\(number)@example.org", auth) }
            #expect(try await auth.logIn(stranger.email, from: Self.attacker).status == .tooManyRequests)
            #expect(try await auth.logIn(local.email, from: Self.attacker).status == .ok)
            #expect(try await auth.logIn(stranger.email).status == .ok)
        }
    }

    @Test("never hold for a device that has logged in before, though somebody in the same building fails on and on")
    func knownDevice() async throws {
        try await withAuth(["LOGIN_FAILURES_PER_ADDRESS": "4", "LOGIN_FAILURES_FROM_ANYWHERE": "12"]) { auth in
            let account = try await auth.account()
            let login = try await auth.logIn(account.email)
            let device = try #require(login.cookie)
            let attributes = try #require(login.headers[.setCookie])
            for attribute in ["Path=/auth", "HttpOnly", "SameSite=Strict"] { #expect(attributes.contains(attribute)) }
            for address in [Self.attacker, "198.51.100.67", "198.51.100.68"] {
                _ = try await fail(50, account.email, from: address, auth)
            }
            #expect(try await auth.logIn(account.email, from: Self.attacker).status == .tooManyRequests)
            #expect(try await auth.logIn(account.email, device: device, from: Self.attacker).status == .ok)
        }
    }

    @Test("hold for a device by itself, and its mark is worth nothing for another account, or forged")
    func deviceLimit() async throws {
        try await withAuth(["LOGIN_FAILURES_PER_ACCOUNT": "3"]) { auth in
            let account = try await auth.account()
            let other = try await auth.account()
            let device = try #require(try await auth.logIn(account.email).cookie)
            _ = try await fail(3, account.email, auth)
            for mark in [
                try #require(try await auth.logIn(other.email).cookie), String(device.dropLast(2)) + "xx",
                "lyceum_device=",
                "lyceum_device=.", "lyceum_device",
            ] {
                let answer = try await auth.logIn(account.email, device: mark, from: Self.attacker)
                #expect(answer.status == .tooManyRequests, "\(mark)")
            }
            for _ in 0..<3 {
                let wrong = try await auth.logIn(account.email, "wrong password", device: device, from: Self.attacker)
                #expect(wrong.status == .unauthorized)
            }
            let spent = try await auth.logIn(account.email, device: device, from: Self.attacker)
            #expect(spent.status == .tooManyRequests)
        }
    }

    @Test("hold for an account over all networks, but not for those that it was used from")
    func manyNetworks() async throws {
        try await withAuth(["LOGIN_FAILURES_FROM_ANYWHERE": "6"]) { auth in
            let account = try await auth.account()
            for number in 0..<6 { _ = try await fail(1, account.email, from: "198.51.100.\(number)", auth) }
            #expect(try await auth.logIn(account.email, from: "192.0.2.1").status == .tooManyRequests)
            #expect(try await fail(1, account.email, from: "192.0.2.2", auth)[0].status == .tooManyRequests)
            #expect(try await auth.logIn(account.email, from: "203.0.113.5").status == .ok)
        }
    }

    @Test("tell nobody which accounts were used from there: wrong passwords are answered alike")
    func noEnumeration() async throws {
        try await withAuth(["LOGIN_FAILURES_PER_ADDRESS": "4"]) { auth in
            let account = try await auth.account()
            _ = try await auth.logIn(account.email, from: Self.attacker)
            for number in 0..<4 { _ = try await fail(1, "nobody\(number)@example.org", auth) }
            let known = try await fail(1, account.email, auth)[0]
            let unknown = try await fail(1, "nobody@example.org", auth)[0]
            #expect(known.status == .tooManyRequests)
            #expect(known.problem == unknown.problem)
            #expect(known.headers[HTTPField.Name("RateLimit-Limit")!] == "4")
            #expect(unknown.headers[HTTPField.Name("RateLimit-Limit")!] == "4")
        }
    }

    @Test("leave whoever is logged in the change of the password, though others fail to log in")
    func loggedIn() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            _ = try await fail(20, account.email, from: "203.0.113.5", auth)
            let change = try await auth.post(
                "/auth/password/change",
                ["current_password": .string(AuthFixture.password), "password": "eight white swans"],
                token: account.accessToken)
            #expect(change.status == .noContent)
        }
    }

    @Test("slow down who tries by sign-up which addresses have accounts")
    func signUpProbes() async throws {
        try await withAuth(["LOGIN_FAILURES_PER_ADDRESS": "3"]) { auth in
            let account = try await auth.account()
            let fields: [String: JSONValue] = ["email": .string(account.email), "password": "seven brown owls"]
            for _ in 0..<3 { #expect(try await auth.post("/auth/signup", fields).status == .conflict) }
            #expect(try await auth.post("/auth/signup", fields).status == .tooManyRequests)
        }
    }

    @Test("bound sign-ups from one network, whether they come about or not, and no other network's")
    func signUps() async throws {
        try await withAuth(["SIGN_UPS_PER_ADDRESS": "3"]) { auth in
            func signUp(_ email: String, from address: String) async throws -> Answer {
                try await auth.post(
                    "/auth/signup", ["email": .string(email), "password": .string(AuthFixture.password)], from: address)
            }
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for number in 0..<8 {
                    group.addTask { try await signUp("mira\(number % 7)@example.org", from: Self.attacker) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let refused = answers.filter { $0.status == .tooManyRequests }
            #expect(refused.count == 5)
            #expect(try await auth.count("SELECT count(*) FROM users") <= 3)
            for answer in refused {
                let wait = try #require(answer.headers[.retryAfter].flatMap { Int($0) })
                #expect((1...3_600).contains(wait))
                #expect(answer.headers[HTTPField.Name("RateLimit-Limit")!] == "3")
            }
            #expect(try await signUp("una@example.org", from: "203.0.113.77").status == .created)
            try await auth.database.query("UPDATE login_failures SET resets_at = now() - interval '1 second'")
            #expect(try await signUp("ida@example.org", from: Self.attacker).status == .created)
        }
    }

    @Test("hold for every replica and after a restart, until their time is over")
    func areKept() async throws {
        try await withTestDatabase(migrations: AuthService.migrations) { database in
            let schema: String = try await database.query("SELECT current_schema()::text")[0][0]
            try await withAuth([:], schema: schema, database) { auth in
                _ = try await fail(10, "nobody@example.org", auth)
            }
            try await withAuth([:], schema: schema, database) { auth in
                #expect(try await fail(1, "NOBODY@example.org", auth)[0].status == .tooManyRequests)
                try await database.query("UPDATE login_failures SET resets_at = now() - interval '1 second'")
                #expect(try await fail(1, "nobody@example.org", auth)[0].status == .unauthorized)
                #expect(try await auth.count("SELECT max(failures) FROM login_failures") == 1)
            }
        }
    }
}
