import FoundationEssentials
import Postgres
import WireProtocol

struct PostgresAccountStore: AccountStore {
    let database: PostgresClient
    /// Of a refresh token.
    let lifetime: Duration
    let policy: TwoFactorPolicy
    let news: IdentityNews

    func credentials(email: String, address: String) async throws -> Credentials? {
        let rows = try await database.query(
            """
            SELECT id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at,
                   updated_at, password_hash,
                   EXISTS (SELECT FROM sessions WHERE user_id = users.id AND ip = $2) AS knows_address
              FROM users
             WHERE email = $1::citext
            """, [email, address])
        return try rows.only.map { row in
            Credentials(
                user: try User(row), passwordHash: try .from(column: try row["password_hash"]),
                knowsAddress: try row["knows_address"])
        }
    }

    func passwordHash(of user: Identifier) async throws -> BcryptHash? {
        let rows = try await database.query(
            """
            SELECT password_hash
              FROM users
             WHERE id = $1
               AND disabled_at IS NULL
            """, [user.rawValue])
        return try rows.only.flatMap { try .from(column: try $0["password_hash"]) }
    }

    func highestCost() async throws -> Int? {
        let rows = try await database.query("SELECT max(substr(password_hash, 5, 2)) AS cost FROM users")
        let cost: String? = try rows[0]["cost"]
        return cost.flatMap { Int($0) }
    }

    func user(_ id: Identifier) async throws -> User? {
        try await database.user(id)
    }

    func signUp(_ user: NewUser, _ entry: AuditEntry) async throws -> LoginOutcome {
        try await database.withTransaction { transaction in
            let made = try await transaction.insert(user)
            try await transaction.insert(
                MailOrder(
                    kind: .emailVerification, recipient: made.email, language: made.locale, origin: entry.origin))
            return try await transaction.admit(made, lifetime: lifetime, policy: policy, entry)
        }
    }

    func logIn(_ proof: PasswordProof, forgetting bucket: String, _ entry: AuditEntry) async throws -> LoginOutcome? {
        try await database.withTransaction { transaction in
            let rows = try await transaction.query(
                """
                SELECT id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at,
                       updated_at
                  FROM users
                 WHERE id = $1
                   AND ($2::text IS NULL OR password_hash = $2)
                   AND disabled_at IS NULL
                   FOR SHARE
                """, [proof.user.id.rawValue, proof.passwordHash?.description])
            guard let user = try rows.only.map(User.init) else { return nil }
            try await transaction.query("DELETE FROM login_failures WHERE bucket = $1", [bucket])
            return try await transaction.admit(user, lifetime: lifetime, policy: policy, entry)
        }
    }

    func replaceHash(of user: Identifier, from old: BcryptHash, with new: BcryptHash) async throws {
        try await database.query(
            """
            UPDATE users
               SET password_hash = $3
             WHERE id = $1
               AND password_hash = $2
            """, [user.rawValue, old.description, new.description])
    }

    func changeProfile(of user: Identifier, version: Int, to profile: Profile, _ entry: AuditEntry) async throws
        -> User
    {
        try await database.withTransaction { transaction in
            let rows = try await transaction.query(
                """
                UPDATE users
                   SET display_name = $3, locale = $4, version = version + 1, updated_at = clock_timestamp()
                 WHERE id = $1
                   AND version = $2
                   AND disabled_at IS NULL
                RETURNING id, email, display_name, locale, role, email_verified_at, disabled_at, version,
                          created_at, updated_at
                """, [user.rawValue, version, profile.displayName, profile.locale?.description])
            guard let changed = try rows.only.map(User.init) else { throw AuthError.changedMeanwhile }
            try await news.append(user, in: transaction)
            try await transaction.append(entry)
            return changed
        }
    }

    func changePassword(of user: Identifier, _ change: PasswordChange, keeping session: Identifier, _ entry: AuditEntry)
        async throws
    {
        try await database.withTransaction { transaction in
            let rows = try await transaction.query(
                """
                UPDATE users
                   SET password_hash = $3, version = version + 1, updated_at = clock_timestamp()
                 WHERE id = $1
                   AND ($2::text IS NULL OR password_hash = $2)
                   AND disabled_at IS NULL
                RETURNING id, email, display_name, locale, role, email_verified_at, disabled_at, version,
                          created_at, updated_at
                """, [user.rawValue, change.old?.description, change.new?.description])
            guard let changed = try rows.only.map(User.init) else { throw AuthError.changedMeanwhile }
            try await transaction.revokeSessions(of: user, except: session)
            try await transaction.withdrawTokens(of: user, for: .passwordReset)
            try await transaction.insert(
                MailOrder(
                    kind: .passwordChanged, recipient: changed.email, language: changed.locale, origin: entry.origin))
            try await transaction.append(entry)
        }
    }
}
