import FoundationEssentials
import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("Login", .enabled(if: TestDatabase.isAvailable))
struct LoginTests {
    @Test("gives a token with exactly the agreed claims")
    func claims() async throws {
        try await withAuth { auth in
            let account = try await auth.account(.teacher)
            #expect(account.claims.issuer == "lyceum")
            #expect(account.claims.audience == "lyceum-api")
            #expect(account.claims.subject == account.id)
            #expect(account.claims.role == .teacher)
            #expect(account.claims.expiresAt - account.claims.issuedAt == 900)
            let payload = try WireJSON.decode(
                [String: JSONValue].self, from: try Account.segment(1, of: account.accessToken))
            #expect(Set(payload.keys) == ["iss", "aud", "sub", "sid", "role", "amr", "aal", "iat", "exp", "jti"])
            let header = try WireJSON.decode(JSONValue.self, from: try Account.segment(0, of: account.accessToken))
            #expect(header["alg"] == "ES256")
            #expect(header["kid"].string?.isEmpty == false)
        }
    }

    @Test("is refused in the same words for an unknown e-mail, a wrong password and a disabled account")
    func refusesAlike() async throws {
        try await withAuth { auth in
            let known = try await auth.account()
            let disabled = try await auth.account()
            let passwordless = "\(Identifier())@example.org"
            try await auth.database.query("UPDATE users SET disabled_at = now() WHERE id = $1", [disabled.id.rawValue])
            try await auth.database.query(
                "INSERT INTO users (id, email, role) VALUES (gen_random_uuid(), $1::citext, 'student')", [passwordless])
            let answers = [
                try await auth.logIn(known.email, "eight white swans"),
                try await auth.logIn("nobody@example.org"),
                try await auth.logIn(disabled.email),
                try await auth.logIn(passwordless),
            ]
            for answer in answers {
                #expect(answer.status == .unauthorized)
                #expect(answer.headers[.wwwAuthenticate] == "Bearer")
                #expect(answer.problem == answers[0].problem)
            }
        }
    }

    @Test("does not care for the case of the e-mail")
    func ignoresCase() async throws {
        try await withAuth { auth in
            let account = try await auth.account(email: "Mira@Example.org")
            #expect(try await auth.logIn("mIRA@eXAMPLE.ORG").status == .ok)
            #expect(account.email == "Mira@Example.org")
        }
    }

    @Test("accepts hashes that other systems wrote, and makes weak ones stronger", arguments: ["$2a$", "$2b$", "$2y$"])
    func importedHashes(prefix: String) async throws {
        try await withAuth(["BCRYPT_COST": "6"]) { auth in
            let hash = prefix + "05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"
            try await auth.database.query(
                """
                INSERT INTO users (id, email, role, password_hash)
                VALUES (gen_random_uuid(), 'mira@example.org', 'student', $1)
                """, [hash])
            #expect(try await auth.logIn("mira@example.org", "U*U*").status == .ok)
            let kept: String = try await auth.database.query("SELECT password_hash FROM users")[0][0]
            #expect(kept.hasPrefix("$2b$06$"))
            #expect(try await auth.logIn("mira@example.org", "U*U*").status == .ok)
            #expect(try await auth.logIn("mira@example.org", "U*U").status == .unauthorized)
        }
    }

    @Test("takes as long without an account as with one that came with a dearer hash, until its owner has logged in")
    func dearHash() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            try await auth.database.query(
                "UPDATE users SET password_hash = $1", [try Bcrypt.hash(AuthFixture.password, cost: 8).description])
            func rounds(_ email: String, _ password: String) async throws -> Int {
                let before = auth.parts.hasher.rounds
                #expect(try await auth.logIn(email, password).status == .unauthorized)
                return auth.parts.hasher.rounds - before
            }
            #expect(try await rounds("nobody@example.org", "wrong password") == 1 << 8)
            #expect(try await rounds(account.email, "wrong password") == 1 << 8)
            #expect(try await auth.logIn(account.email).status == .ok)
            #expect(try await rounds("nobody@example.org", "wrong password") == 1 << 4)
            #expect(try await rounds(account.email, "wrong password") == 1 << 4)
        }
    }

    @Test("is 503, not 500, while PostgreSQL is away")
    func databaseDown() async throws {
        try await withTestDatabase { database in
            let gone = ["DATABASE_URL": "postgres://lyceum@127.0.0.1:1/none", "DATABASE_TIMEOUT": "0.5"]
            try await withAuth(gone, schema: "none", database) { auth in
                let answer = try await auth.logIn("mira@example.org")
                #expect(answer.status == .serviceUnavailable)
                #expect(answer.headers[.retryAfter] != nil)
                #expect(try await auth.send(.get, "/ready").status == .serviceUnavailable)
                #expect(try await auth.send(.get, "/health").status == .ok)
            }
        }
    }
}
