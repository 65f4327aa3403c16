import FoundationEssentials
import HTTPTypes
import PostgresTesting
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("Sessions", .enabled(if: TestDatabase.isAvailable))
struct SessionTests {
    @Test("end by logout: this one at once, the others not")
    func logOut() async throws {
        try await withAuth { auth in
            let here = try await auth.account()
            let elsewhere = try Account(try await auth.logIn(here.email))
            #expect(try await auth.send(.post, "/auth/logout", token: here.accessToken).status == .noContent)
            #expect(try await auth.send(.get, "/auth/me", token: here.accessToken).status == .unauthorized)
            #expect(try await auth.refresh(here.refreshToken).status == .unauthorized)
            #expect(try await auth.send(.get, "/auth/me", token: elsewhere.accessToken).status == .ok)
            #expect(try await auth.refresh(elsewhere.refreshToken).status == .ok)
        }
    }

    @Test("end all together by scope=all, and a login in the same second works")
    func logOutEverywhere() async throws {
        try await withAuth { auth in
            let here = try await auth.account()
            let elsewhere = try Account(try await auth.logIn(here.email))
            let stranger = try await auth.account()
            let answer = try await auth.send(.post, "/auth/logout?scope=all", token: here.accessToken)
            #expect(answer.status == .noContent)
            for account in [here, elsewhere] {
                #expect(try await auth.send(.get, "/auth/me", token: account.accessToken).status == .unauthorized)
                #expect(try await auth.refresh(account.refreshToken).status == .unauthorized)
            }
            let again = try Account(try await auth.logIn(here.email))
            #expect(try await auth.send(.get, "/auth/me", token: again.accessToken).status == .ok)
            #expect(try await auth.send(.get, "/auth/me", token: stranger.accessToken).status == .ok)
        }
    }

    @Test("don't end by a scope that doesn't exist")
    func unknownScope() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let answer = try await auth.send(.post, "/auth/logout?scope=world", token: account.accessToken)
            #expect(answer.status == .unprocessableContent)
            #expect(try await auth.send(.get, "/auth/me", token: account.accessToken).status == .ok)
        }
    }

    @Test("are told to other services while their tokens live, and to nobody else")
    func revocations() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let token = try await TestTokens().serviceToken()
            #expect(try await auth.send(.get, "/internal/revocations", token: token).items.isEmpty)
            _ = try await auth.send(.post, "/auth/logout", token: account.accessToken)
            let answer = try await auth.send(.get, "/internal/revocations", token: token)
            guard case .array(let revocations) = answer["revocations"], let entry = revocations.first,
                case .integer(let issuedUntil) = entry["issued_until"]
            else {
                Issue.record("no revocations in \(answer.body)")
                return
            }
            #expect(revocations.count == 1)
            #expect(entry["scope"] == "session")
            #expect(entry["id"] == .string(account.claims.sessionID.description))
            #expect(issuedUntil >= account.claims.issuedAt)
            try await auth.database.query("UPDATE revocations SET issued_until = issued_until - 1100")
            let later = try await auth.send(.get, "/internal/revocations", token: token)
            #expect(later["revocations"] == .array([]))
        }
    }

    @Test("are listed to their user, the newest first, with where they came from")
    func list() async throws {
        try await withAuth { auth in
            let first = try await auth.account()
            _ = try await auth.account()
            let agent = String(repeating: "Browser ", count: 100)
            let login = try await auth.send(
                .post, "/auth/login", headers: [.userAgent: agent],
                body: try ["email": .string(first.email), "password": .string(AuthFixture.password)].text,
                from: "2001:db8::7")
            let second = try Account(login)
            let answer = try await auth.send(.get, "/auth/sessions?count=exact", token: second.accessToken)
            #expect(answer["total"] == .integer(2))
            #expect(answer["next_cursor"] == .null)
            let ids = answer.items.map { $0["id"].string }
            #expect(ids == [second, first].map { $0.claims.sessionID.description })
            #expect(answer.items.map { $0["current"] } == [.bool(true), .bool(false)])
            #expect(answer.items.map { $0["ip"] } == ["2001:db8::7", "203.0.113.5"])
            #expect(answer.items[0]["user_agent"] == .string(String(agent.prefix(400))))
        }
    }

    @Test("come in pages that hold while others are opened")
    func pages() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            for _ in 0..<4 { _ = try await auth.logIn(account.email) }
            var seen: [String?] = []
            var path = "/auth/sessions?limit=2"
            while true {
                let page = try await auth.send(.get, path, token: account.accessToken)
                #expect(page.items.count <= 2)
                seen += page.items.map { $0["id"].string }
                _ = try await auth.logIn(account.email)
                guard let cursor = page["next_cursor"].string else { break }
                path = "/auth/sessions?limit=2&cursor=\(cursor)"
            }
            #expect(seen.count == 5)
            #expect(Set(seen).count == 5)
        }
    }

    @Test("can be ended one by one, one's own only")
    func end() async throws {
        try await withAuth { auth in
            let here = try await auth.account()
            let elsewhere = try Account(try await auth.logIn(here.email))
            let stranger = try await auth.account(.admin)
            let path = "/auth/sessions/\(elsewhere.claims.sessionID)"
            #expect(try await auth.send(.delete, path, token: stranger.accessToken).status == .notFound)
            #expect(try await auth.send(.get, "/auth/me", token: elsewhere.accessToken).status == .ok)
            #expect(try await auth.send(.delete, path, token: here.accessToken).status == .noContent)
            #expect(try await auth.send(.get, "/auth/me", token: elsewhere.accessToken).status == .unauthorized)
            #expect(try await auth.send(.delete, path, token: here.accessToken).status == .notFound)
            #expect(try await auth.send(.delete, "/auth/sessions/1", token: here.accessToken).status == .notFound)
        }
    }
}
