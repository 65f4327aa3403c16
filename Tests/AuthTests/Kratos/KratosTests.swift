import FoundationEssentials
import HTTPTypes
import NIOHTTP1
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite(
    "With Ory Kratos", .enabled(if: TestDatabase.isAvailable),
    .enabled(if: KratosStandIn.isAvailable, "needs Python with openapi-core and bcrypt: make test installs them"))
struct KratosTests {
    @Test("an identity made there gets an account here at its first login, under the same id and with its role")
    func firstLogin() async throws {
        try await withAuth(keptBy: .kratos) { auth in
            let identity = try await Self.identity(role: "teacher", verified: true)
            #expect(try await auth.count("SELECT count(*) FROM users") == 0)
            let answer = try await auth.logIn(identity.email)
            #expect(answer.status == .ok)
            #expect(answer["user"]["id"] == .string(identity.id))
            #expect(answer["user"]["role"] == "teacher")
            #expect(answer["user"]["email_verified"] == .bool(true))
            #expect(try Account(answer).claims.role == .teacher)
            #expect(try await auth.logIn(identity.email).status == .ok)
            #expect(try await auth.count("SELECT count(*) FROM users WHERE password_hash IS NULL") == 1)
        }
    }

    @Test("no session of its own is left open, whatever was done")
    func sessions() async throws {
        try await withAuth(keptBy: .kratos) { auth in
            let kratos = try await KratosStandIn.running
            let account = try await auth.account()
            _ = try await auth.logIn(account.email)
            _ = try await auth.post(
                "/auth/password/change",
                ["current_password": .string(AuthFixture.password), "password": "eight white swans"],
                token: account.accessToken)
            #expect(try await kratos.sessions(of: account.id.description) == 0)
            let refused = try await auth.post(
                "/auth/password/change", ["current_password": "eight white swans", "password": "äüabcd"],
                token: account.accessToken)
            #expect(refused.invalidFields == ["password"])
            #expect(try await kratos.sessions(of: account.id.description) == 0)
        }
    }

    @Test("a session that is gone there already has ended")
    func goneSession() async throws {
        let kratos = try await KratosStandIn.running
        let address = try #require(KratosAddress(kratos.url))
        try await KratosFlows(client: KratosClient(address, logger: quietLogger)).end("ory_st_gone")
        #expect(try await kratos.violations() == .array([]))
    }

    @Test("a change of role there comes with the next login, and ends tokens from before")
    func role() async throws {
        try await withAuth(keptBy: .kratos) { auth in
            let identity = try await Self.identity(role: "admin")
            let before = try Account(try await auth.logIn(identity.email))
            #expect(try await auth.send(.get, "/auth/users", token: before.accessToken).status == .ok)
            _ = try await KratosStandIn.running.call(
                "/admin/identities/\(identity.id)", .PATCH,
                .array([.object(["op": "replace", "path": "/metadata_public/role", "value": "student"])]))
            let after = try await auth.logIn(identity.email)
            #expect(after["user"]["role"] == "student")
            let end = ContinuousClock.now + .seconds(30)
            while try await auth.send(.get, "/auth/users", token: before.accessToken).status != .unauthorized {
                try #require(ContinuousClock.now < end, "the old token is still good")
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    @Test("an address that went to another identity there goes with it here")
    func movedAddress() async throws {
        try await withAuth(keptBy: .kratos) { auth in
            let kratos = try await KratosStandIn.running
            let first = try await Self.identity()
            #expect(try await auth.logIn(first.email).status == .ok)
            let other = "\(Identifier())@example.org"
            _ = try await kratos.call(
                "/admin/identities/\(first.id)", .PATCH,
                .array([.object(["op": "replace", "path": "/traits/email", "value": .string(other)])]))
            let second = try await Self.identity(email: first.email)
            #expect(try await auth.logIn(first.email)["user"]["id"] == .string(second.id))
            #expect(try await auth.logIn(other)["user"]["id"] == .string(first.id))
            _ = try await kratos.call("/admin/identities/\(second.id)", .DELETE)
            let third = try Account(
                try await auth.post(
                    "/auth/signup", ["email": .string(first.email), "password": .string(AuthFixture.password)]))
            #expect(third.id.description != second.id)
            #expect(try await auth.count("SELECT count(*) FROM users") == 2)
        }
    }

    @Test("an account of auth's own is never opened by an identity that only has the same address")
    func ownAccount() async throws {
        try await withAuth(keptBy: .kratos) { auth in
            let identity = try await Self.identity()
            try await auth.database.query(
                "INSERT INTO users (id, email, role) VALUES ($1, $2::citext, 'admin')",
                [Identifier().rawValue, identity.email])
            #expect(try await auth.logIn(identity.email).status == .unauthorized)
            #expect(try await auth.count("SELECT count(*) FROM sessions") == 0)
            let email = "\(Identifier())@example.org"
            try await auth.database.query(
                "INSERT INTO users (id, email, role) VALUES ($1, $2::citext, 'student')",
                [Identifier().rawValue, email])
            let signUp = try await auth.post(
                "/auth/signup", ["email": .string(email), "password": .string(AuthFixture.password)])
            #expect(signUp.status == .conflict)
            let kratos = try await KratosStandIn.running
            #expect(try await kratos.call("/admin/identities?credentials_identifier=\(email)") == .array([]))
        }
    }

    @Test("a flow that runs out is begun again", arguments: [KratosStandIn.Flow.login, .registration])
    func expired(flow: KratosStandIn.Flow) async throws {
        try await withAuth(keptBy: .kratos) { auth in
            let kratos = try await KratosStandIn.running
            let email = "\(Identifier())@example.org"
            if flow == .registration { try await kratos.fail(flow, of: email, with: .expired) }
            _ = try await auth.account(email: email)
            if flow == .login { try await kratos.fail(flow, of: email, with: .expired) }
            #expect(try await auth.logIn(email).status == .ok)
        }
    }

    @Test("what it refuses of a new password is told")
    func policy() async throws {
        try await withAuth(keptBy: .kratos) { auth in
            // Eight bytes, which is enough for auth, but six characters.
            let answer = try await auth.post(
                "/auth/signup", ["email": .string("\(Identifier())@example.org"), "password": "äüabcd"])
            #expect(answer.status == .unprocessableContent)
            #expect(answer.invalidFields == ["password"])
            #expect(try await auth.count("SELECT count(*) FROM users") == 0)
        }
    }

    @Test("an answer that it should not give is 503 with Retry-After, and opens nothing", arguments: [422, 429, 502])
    func faulty(status: Int) async throws {
        try await withAuth(keptBy: .kratos) { auth in
            let account = try await auth.account()
            try await KratosStandIn.running.fail(.login, of: account.email, with: .status(status))
            let answer = try await auth.logIn(account.email)
            #expect(answer.status == .serviceUnavailable)
            #expect(answer.headers[.retryAfter] != nil)
            #expect(answer["access_token"] == .null)
            #expect(try await auth.count("SELECT count(*) FROM sessions") == 1)
            #expect(try await auth.logIn(account.email).status == .ok)
        }
    }

    @Test("when it is down nobody gets in, and who is in stays in")
    func down() async throws {
        try await withAuth(["IDENTITY_URL": "kratos+http://127.0.0.1:9?admin=http://127.0.0.1:9"]) { auth in
            let email = "\(Identifier())@example.org"
            let id = Identifier()
            try await auth.database.query(
                "INSERT INTO users (id, identity_id, email, role) VALUES ($1, $1, $2::citext, 'student')",
                [id.rawValue, email])
            let store = PostgresAccountStore(
                database: auth.database, lifetime: .seconds(600), policy: auth.settings.twoFactor.policy,
                news: IdentityNews(isAwaited: true))
            let user = try #require(try await store.user(id))
            let origin = Origin(address: "203.0.113.5", userAgent: nil, requestID: "test")
            let outcome = try #require(
                try await store.logIn(
                    PasswordProof(user: user, passwordHash: nil), forgetting: "none",
                    AuditEntry(action: .loggedIn, origin: origin)))
            guard case .opened(let grant) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            for answer in [
                try await auth.logIn(email),
                try await auth.post("/auth/signup", ["email": .string("x\(email)"), "password": "seven brown owls"]),
            ] {
                #expect(answer.status == .serviceUnavailable)
                #expect(answer.headers[.retryAfter] == "5")
            }
            #expect(try await auth.count("SELECT count(*) FROM login_failures WHERE bucket LIKE 'account %'") == 0)
            let refreshed = try await auth.refresh(grant.refreshToken.description)
            #expect(refreshed.status == .ok)
            let token = refreshed["access_token"].string
            #expect(try await auth.send(.get, "/auth/me", token: token).status == .ok)
            #expect(try await auth.send(.post, "/auth/logout", token: token).status == .noContent)
        }
    }

    /// An identity as an administrator of Kratos makes it, with the fixture's password.
    static func identity(
        email: String = "\(Identifier())@example.org", role: String? = nil, verified: Bool = false,
        hash: String? = nil, at kratos: KratosStandIn? = nil
    ) async throws -> (id: String, email: String) {
        var fields: [String: JSONValue] = [
            "schema_id": "lyceum", "traits": .object(["email": .string(email)]), "state": "active",
            "credentials": .object([
                "password": .object([
                    "config": .object(
                        hash.map { ["hashed_password": .string($0)] } ?? ["password": .string(AuthFixture.password)])
                ])
            ]),
            "verifiable_addresses": .array([
                .object([
                    "value": .string(email), "verified": .bool(verified), "via": "email",
                    "status": verified ? "completed" : "pending",
                ])
            ]),
        ]
        if let role { fields["metadata_public"] = .object(["role": .string(role)]) }
        var place = kratos
        if place == nil { place = try await KratosStandIn.running }
        let made = try await #require(place).call("/admin/identities", .POST, .object(fields))
        return (try #require(made["id"].string), email)
    }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }
}
