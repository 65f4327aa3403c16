import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("Whether an account exists", .enabled(if: TestDatabase.isAvailable))
struct EnumerationTests {
    /// Time is what is meant; rounds of bcrypt are what it is made of, and can be counted.
    @Test("can't be told by how long a login or a sign-up takes")
    func spendsAlike() async throws {
        try await withTestDatabase(migrations: AuthService.migrations) { database in
            let schema: String = try await database.query("SELECT current_schema()::text")[0][0]
            let parts = AuthParts(
                try testSettings(["BCRYPT_COST": "6"], schema: schema), database: database, logger: quietLogger)
            for (name, hash) in [
                ("weak", try Bcrypt.hash("right password", cost: 4).description),
                ("usual", try Bcrypt.hash("right password", cost: 6).description),
                ("disabled", try Bcrypt.hash("right password", cost: 5).description), ("passwordless", nil),
            ] {
                try await database.query(
                    """
                    INSERT INTO users (id, email, role, password_hash, disabled_at)
                    VALUES (gen_random_uuid(), $1::citext, 'student', $2, CASE WHEN $3::boolean THEN now() END)
                    """, ["\(name)@example.org", hash, name == "disabled"])
            }
            for name in ["weak", "usual", "disabled", "passwordless", "unknown"] {
                let before = parts.hasher.rounds
                await #expect(throws: AuthError.wrongCredentials) {
                    try await parts.accounts.logIn(
                        email: "\(name)@example.org", password: "wrong password", from: .commandLine)
                }
                #expect(parts.hasher.rounds - before == 1 << 6, "\(name)")
            }
            let before = parts.hasher.rounds
            await #expect(throws: AuthError.wrongCredentials) {
                try await parts.accounts.logIn(
                    email: "disabled@example.org", password: "right password", from: .commandLine)
            }
            #expect(parts.hasher.rounds - before == 1 << 6)
            for name in ["usual", "disabled", "passwordless", "new"] {
                let before = parts.hasher.rounds
                let email = try #require(EmailAddress("\(name)@example.org"))
                do {
                    _ = try await parts.accounts.signUp(
                        email, password: "right password", Profile(), from: .commandLine)
                    #expect(name == "new")
                } catch AuthError.emailTaken {
                    #expect(name != "new")
                }
                #expect(parts.hasher.rounds - before == 1 << 6, "\(name)")
            }
        }
    }
}
