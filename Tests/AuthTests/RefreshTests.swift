import HTTPTypes
import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("Refresh", .enabled(if: TestDatabase.isAvailable))
struct RefreshTests {
    /// As if every use of a refresh token had been a while ago.
    private func letGracePass(_ auth: AuthFixture) async throws {
        try await auth.database.query("UPDATE refresh_tokens SET used_at = used_at - interval '11 seconds'")
    }

    @Test("gives new tokens of the same session, again and again")
    func rotates() async throws {
        try await withAuth { auth in
            var account = try await auth.account()
            let session = account.claims.sessionID
            for _ in 0..<3 {
                let next = try Account(try await auth.refresh(account.refreshToken))
                #expect(next.refreshToken != account.refreshToken)
                #expect(next.claims.sessionID == session)
                #expect(next.claims.tokenID != account.claims.tokenID)
                #expect(try await auth.send(.get, "/auth/me", token: next.accessToken).status == .ok)
                account = next
            }
            #expect(try await auth.count("SELECT count(*) FROM sessions") == 1)
        }
    }

    @Test("by two tabs at once gives both the same successor")
    func twoTabs() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<16 { group.addTask { try await auth.refresh(account.refreshToken) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == .ok })
            #expect(Set(answers.compactMap { $0["refresh_token"].string }).count == 1)
            #expect(try await auth.count("SELECT count(*) FROM refresh_tokens") == 2)
            let next = try Account(answers[0])
            #expect(try await auth.refresh(next.refreshToken).status == .ok)
        }
    }

    @Test("with a token used before the time of grace ends the session everywhere, and is noted")
    func reuse() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let other = try Account(try await auth.logIn(account.email))
            let next = try Account(try await auth.refresh(account.refreshToken))
            try await letGracePass(auth)
            #expect(try await auth.refresh(account.refreshToken).status == .unauthorized)
            #expect(try await auth.refresh(next.refreshToken).status == .unauthorized)
            #expect(try await auth.send(.get, "/auth/me", token: next.accessToken).status == .unauthorized)
            #expect(try await auth.send(.get, "/auth/me", token: account.accessToken).status == .unauthorized)
            #expect(try await auth.send(.get, "/auth/me", token: other.accessToken).status == .ok)
            #expect(try await auth.refresh(other.refreshToken).status == .ok)
            let noted = try await auth.count(
                "SELECT count(*) FROM audit_log WHERE action = 'session.refresh_reused' AND target = $1",
                [account.id.rawValue])
            #expect(noted == 1)
        }
    }

    @Test("keeps no token in clear, and none from which one could be made")
    func keepsHashesOnly() async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            let next = try Account(try await auth.refresh(account.refreshToken))
            let hashes: [[UInt8]] = try await auth.database.query("SELECT hash FROM refresh_tokens").map { try $0[0] }
            let expected = [account, next].compactMap { RefreshToken($0.refreshToken)?.hash }
            #expect(Set(hashes) == Set(expected))
        }
    }

    @Test("is refused in the same words for every token that is not good")
    func refusesAlike() async throws {
        try await withAuth { auth in
            let expired = try await auth.account()
            try await auth.database.query("UPDATE refresh_tokens SET expires_at = now()")
            let loggedOut = try await auth.account()
            _ = try await auth.send(.post, "/auth/logout", token: loggedOut.accessToken)
            let disabled = try await auth.account()
            try await auth.database.query("UPDATE users SET disabled_at = now() WHERE id = $1", [disabled.id.rawValue])
            let deleted = try await auth.account()
            try await auth.database.query("DELETE FROM users WHERE id = $1", [deleted.id.rawValue])
            let tokens = [
                expired.refreshToken, loggedOut.refreshToken, disabled.refreshToken, deleted.refreshToken,
                RefreshToken().description, "", "' OR 1=1 --", String(repeating: "x", count: 10_000),
                expired.accessToken,
            ]
            let answers = try await tokens.asyncMap { try await auth.refresh($0) }
            for answer in answers {
                #expect(answer.status == .unauthorized)
                #expect(answer.problem == answers[0].problem)
            }
        }
    }

    /// Each statement of a refresh fails once, as it does for a client when the service is killed there; then the
    /// presented token must still be good.
    @Test(
        "that breaks off anywhere leaves the presented token good",
        arguments: [
            "BEFORE UPDATE ON refresh_tokens", "AFTER UPDATE ON refresh_tokens", "BEFORE INSERT ON refresh_tokens",
            "AFTER INSERT ON refresh_tokens", "BEFORE UPDATE ON sessions", "AFTER UPDATE ON sessions",
        ])
    func breaksOff(moment: String) async throws {
        try await withAuth { auth in
            let account = try await auth.account()
            try await auth.database.query(
                """
                CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION USING ERRCODE = '57P01'; END $$
                """)
            try await auth.database.query(
                SQL(unchecked: "CREATE TRIGGER break_off \(moment) FOR EACH ROW EXECUTE FUNCTION break_off()"))
            #expect(try await auth.refresh(account.refreshToken).status == .serviceUnavailable)
            try await auth.database.query("DROP FUNCTION break_off CASCADE")
            let next = try Account(try await auth.refresh(account.refreshToken))
            #expect(try await auth.refresh(next.refreshToken).status == .ok)
        }
    }

    @Test("whose answer got lost is repeated with the same outcome")
    func lostAnswer() async throws {
        try await withTestDatabase(migrations: AuthService.migrations) { database in
            let schema: String = try await database.query("SELECT current_schema()::text")[0][0]
            let presented = try await withAuth([:], schema: schema, database) { auth in
                try await auth.account().refreshToken
            }
            let successors = try await (0..<2).asyncMap { _ in
                try await withAuth([:], schema: schema, database) { auth in
                    try Account(try await auth.refresh(presented)).refreshToken
                }
            }
            #expect(successors[0] == successors[1])
        }
    }
}

extension Sequence {
    func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
