import Postgres
import WireProtocol

/// The accounts of the demonstration, under ids that the other services' seeds know.
struct DemoAccounts {
    let database: PostgresClient
    let cost: Int

    /// Leaves alone what is there already.
    func put() async throws {
        for account in DemoData.accounts where try await !isThere(account) {
            try await database.query(
                """
                INSERT INTO users (id, email, password_hash, display_name, role, email_verified_at)
                VALUES ($1, $2::citext, $3, $4, $5, now())
                    ON CONFLICT DO NOTHING
                """,
                [
                    account.id.rawValue, account.email, try Bcrypt.hash(DemoData.password, cost: cost).description,
                    account.displayName, account.role.rawValue,
                ])
        }
    }

    private func isThere(_ account: DemoData.Account) async throws -> Bool {
        try await !database.query("SELECT FROM users WHERE id = $1", [account.id.rawValue]).isEmpty
    }
}
