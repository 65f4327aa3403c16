import PostgresTesting
import ServiceKit
import Testing
import WireProtocol

@testable import Auth

@Suite("Housekeeping", .enabled(if: TestDatabase.isAvailable))
struct HousekeepingTests {
    @Test("takes away what has had its time, and nothing else")
    func sweeps() async throws {
        try await withAuth { auth in
            let expired = try await auth.account()
            let living = try await auth.account()
            let next = try Account(try await auth.refresh(living.refreshToken))
            _ = try await auth.send(.post, "/auth/logout", token: expired.accessToken)
            _ = try await auth.logIn("nobody@example.org")
            let housekeeping = Housekeeping(
                database: auth.database, tokenLifetime: 960, lifetimes: auth.settings.lifetimes,
                outbox: Outbox(targets: ["content"]), logger: quietLogger)
            try await housekeeping.sweep()
            #expect(try await auth.count("SELECT count(*) FROM sessions") == 2)
            #expect(try await auth.count("SELECT count(*) FROM refresh_tokens") == 3)
            #expect(try await auth.count("SELECT count(*) FROM revocations") == 1)
            #expect(try await auth.count("SELECT count(*) FROM login_failures") == 4)
            #expect(try await auth.refresh(living.refreshToken).status == .ok)

            try await auth.database.query(
                "UPDATE sessions SET expires_at = now() - interval '1 second' WHERE user_id = $1",
                [expired.id.rawValue])
            try await auth.database.query(
                """
                INSERT INTO identity_news (identity_id, told_at)
                SELECT gen_random_uuid(), now() - age
                  FROM unnest('{0, 2 minutes, null}'::interval[]) AS age
                """)
            try await auth.mailQueueIsEmpty()
            #expect(try await auth.count("SELECT count(*) FROM one_time_tokens") == 2)
            try await auth.database.query(
                "UPDATE one_time_tokens SET expires_at = now() - interval '1 second' WHERE user_id = $1",
                [expired.id.rawValue])
            try await auth.database.query("UPDATE revocations SET issued_until = issued_until - 1100")
            try await auth.database.query("UPDATE login_failures SET resets_at = now() - interval '1 second'")
            try await auth.database.query("UPDATE refresh_tokens SET used_at = used_at - interval '1 minute'")
            try await housekeeping.sweep()
            #expect(try await auth.count("SELECT count(*) FROM sessions") == 1)
            #expect(try await auth.count("SELECT count(*) FROM refresh_tokens") == 2)
            #expect(try await auth.count("SELECT count(*) FROM refresh_tokens WHERE successor_nonce IS NOT NULL") == 0)
            #expect(try await auth.count("SELECT count(*) FROM one_time_tokens") == 1)
            #expect(try await auth.count("SELECT count(*) FROM revocations") == 0)
            #expect(try await auth.count("SELECT count(*) FROM login_failures") == 0)
            #expect(try await auth.count("SELECT count(*) FROM identity_news") == 2)
            #expect(try await auth.refresh(next.refreshToken).status == .ok)
            #expect(try await auth.refresh(living.refreshToken).status == .unauthorized)
        }
    }

    @Test("leaves the demonstration accounts as they are when they are put a second time")
    func seed() async throws {
        try await withAuth { auth in
            for _ in 0..<2 { try await AuthService.seed(auth.settings, auth.database, logger: quietLogger) }
            #expect(try await auth.count("SELECT count(*) FROM users") == 3)
            for account in DemoData.accounts {
                let answer = try await auth.logIn(account.email, DemoData.password)
                #expect(answer["user"]["id"] == .string(account.id.description))
                #expect(answer["user"]["role"] == .string(account.role.rawValue))
                #expect(answer["user"]["email_verified"] == .bool(true))
            }
        }
    }
}
