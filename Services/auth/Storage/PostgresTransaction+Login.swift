import Postgres
import WireProtocol

extension PostgresTransaction {
    /// Opens a session for who has shown the password of an account whose row this transaction holds locked, or asks for
    /// the second factor that the account has, or that its role needs. `entry` tells of an opened session.
    func admit(_ user: User, lifetime: Duration, policy: TwoFactorPolicy, _ entry: AuditEntry) async throws
        -> LoginOutcome
    {
        let rows = try await query(
            "SELECT FROM authenticators WHERE user_id = $1 AND confirmed_at IS NOT NULL", [user.id.rawValue])
        if !rows.isEmpty { return .challenged(try await challenge(user.id, .code)) }
        if policy.requires(of: user.role) { return .challenged(try await challenge(user.id, .enrolment)) }
        try await append(entry)
        return .opened(try await openSession(for: user, from: entry.origin, lifetime: lifetime, as: .password))
    }

    private func challenge(_ user: Identifier, _ step: LoginChallenge.Step) async throws -> LoginChallenge {
        let token = OpaqueToken()
        try await query(
            """
            INSERT INTO login_challenges (hash, user_id, step, expires_at)
            VALUES ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))
            """, [token.hash, user.rawValue, step.rawValue, Double(ChallengeLimits.lifetime)])
        return LoginChallenge(token: token.description, step: step, expiresIn: ChallengeLimits.lifetime)
    }

    /// The account, unless it is gone or disabled, locked against changes.
    func lockUser(_ id: Identifier) async throws -> User? {
        let rows = try await query(
            """
            SELECT id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at,
                   updated_at
              FROM users
             WHERE id = $1
               AND disabled_at IS NULL
               FOR SHARE
            """, [id.rawValue])
        return try rows.only.map(User.init)
    }

    /// Whose login waits for this step, locked as the challenge is; `nil` when there is none, any more.
    func lockUser(of token: OpaqueToken, _ step: LoginChallenge.Step) async throws -> User? {
        let owners = try await query(
            """
            SELECT id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at,
                   updated_at
              FROM users
             WHERE id = (SELECT user_id FROM login_challenges WHERE hash = $1)
               AND disabled_at IS NULL
               FOR SHARE
            """, [token.hash])
        let challenges = try await query(
            """
            SELECT
              FROM login_challenges
             WHERE hash = $1
               AND step = $2
               AND expires_at > clock_timestamp()
               FOR UPDATE
            """, [token.hash, step.rawValue])
        return challenges.isEmpty ? nil : try owners.only.map(User.init)
    }

    /// Counts a wrong code; after the last one that is borne the challenge is gone.
    func useAttempt(of token: OpaqueToken) async throws {
        try await query("UPDATE login_challenges SET attempts = attempts + 1 WHERE hash = $1", [token.hash])
        try await query(
            "DELETE FROM login_challenges WHERE hash = $1 AND attempts >= $2", [token.hash, ChallengeLimits.attempts])
    }
}

extension Authentication {
    /// As the column `methods` has it.
    var column: [String] { methods.map(\.rawValue) }

    init(column: [String]) throws {
        self.init(
            methods: try column.map { name in
                guard let method = AuthenticationMethod(rawValue: name) else {
                    throw UnreadableColumn(table: "sessions", column: "methods")
                }
                return method
            })
    }
}
