import FoundationEssentials
import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("Sign-up", .enabled(if: TestDatabase.isAvailable))
struct SignUpTests {
    @Test("takes the language from the body, or else from what the browser asks for")
    func locale() async throws {
        try await withAuth { auth in
            let cases: [(field: JSONValue?, header: String?, locale: JSONValue)] = [
                ("PT-br", "de", "pt-BR"), (nil, "fr;q=0.5, de-AT", "de-AT"), (.null, "*", .null), (nil, nil, .null),
            ]
            for (field, header, locale) in cases {
                var fields: [String: JSONValue] = [
                    "email": .string("\(Identifier())@example.org"), "password": "seven brown owls",
                ]
                fields["locale"] = field
                var headers = HTTPFields()
                headers[.acceptLanguage] = header
                let answer = try await auth.send(.post, "/auth/signup", headers: headers, body: try fields.text)
                #expect(answer["user"]["locale"] == locale)
            }
        }
    }

    @Test("makes a student's account and logs in")
    func signsUp() async throws {
        try await withAuth { auth in
            let answer = try await auth.post(
                "/auth/signup",
                ["email": "Mira@example.org", "password": "seven brown owls", "display_name": "Mira", "role": "admin"])
            #expect(answer.status == .created)
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(answer["token_type"] == "Bearer")
            #expect(answer["expires_in"] == .integer(900))
            let user = answer["user"]
            #expect(user["email"] == "Mira@example.org")
            #expect(user["display_name"] == "Mira")
            #expect(user["role"] == "student")
            #expect(user["email_verified"] == .bool(false))
            #expect(user["disabled"] == .bool(false))
            let account = try Account(answer)
            #expect(try await auth.send(.get, "/auth/me", token: account.accessToken).body == user)
        }
    }

    @Test("refuses an e-mail that has an account, in any case, and makes nothing")
    func refusesTakenEmail() async throws {
        try await withAuth { auth in
            _ = try await auth.account(email: "mira@example.org")
            let answer = try await auth.post(
                "/auth/signup", ["email": "MIRA@example.org", "password": "eight white swans"])
            #expect(answer.status == .conflict)
            #expect(try await auth.count("SELECT count(*) FROM users") == 1)
            #expect(try await auth.logIn("mira@example.org").status == .ok)
        }
    }

    @Test("of one e-mail many times at once makes one account")
    func isAtomic() async throws {
        try await withAuth { auth in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await auth.post(
                            "/auth/signup", ["email": "mira@example.org", "password": "seven brown owls"]
                        ).status.code
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 201 }.count == 1)
            #expect(statuses.filter { $0 == 409 }.count == 7)
            #expect(try await auth.count("SELECT count(*) FROM sessions") == 1)
        }
    }

    @Test("tells every fault at once")
    func tellsAllFaults() async throws {
        try await withAuth { auth in
            let answer = try await auth.post(
                "/auth/signup",
                ["email": "nobody", "password": "short", "display_name": .string(String(repeating: "x", count: 201))])
            #expect(answer.status == .unprocessableContent)
            #expect(answer.invalidFields == ["email", "password", "display_name"])
        }
    }

    @Test(
        "refuses passwords that would be cut, guessed or misread",
        arguments: [
            "1234567", "password123", "PassWord123", String(repeating: "a", count: 73),
            String(repeating: "é", count: 37), "with\0nul bytes", "mira@example.org",
        ])
    func refusesPasswords(password: String) async throws {
        try await withAuth { auth in
            let answer = try await auth.post(
                "/auth/signup", ["email": "mira@example.org", "password": .string(password)])
            #expect(answer.status == .unprocessableContent)
            #expect(answer.invalidFields == ["password"])
        }
    }

    @Test("takes 72 bytes and heeds the last of them")
    func heedsAllBytes() async throws {
        try await withAuth { auth in
            let start = String(repeating: "é", count: 35)
            let signUp = try await auth.post(
                "/auth/signup", ["email": "mira@example.org", "password": .string(start + "xy")])
            #expect(signUp.status == .created)
            #expect(try await auth.logIn("mira@example.org", start + "xy").status == .ok)
            #expect(try await auth.logIn("mira@example.org", start + "xz").status == .unauthorized)
            #expect(try await auth.logIn("mira@example.org", start + "xyz").status == .unprocessableContent)
        }
    }

    @Test("takes SQL for text")
    func takesSQLForText() async throws {
        try await withAuth { auth in
            let sql = "'); DROP TABLE users; --"
            let answer = try await auth.post(
                "/auth/signup",
                ["email": "mira@example.org", "password": .string(sql), "display_name": .string(sql)])
            #expect(answer.status == .created)
            #expect(answer["user"]["display_name"] == .string(sql))
            #expect(try await auth.logIn("mira@example.org", sql).status == .ok)
            #expect(try await auth.logIn("' OR 1=1 --", sql).status == .unauthorized)
        }
    }
}
