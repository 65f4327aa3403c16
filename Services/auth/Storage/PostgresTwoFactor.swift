import FoundationEssentials
import Postgres
import WireProtocol

struct PostgresTwoFactor: TwoFactorStore {
    let database: PostgresClient
    let box: SecretBox
    let lifetimes: Lifetimes

    func state(of user: Identifier) async throws -> TwoFactorState {
        try await Self.state(of: user, database)
    }

    static func state(of user: Identifier, _ executor: some PostgresExecutor) async throws -> TwoFactorState {
        let rows = try await executor.query(
            """
            SELECT confirmed_at,
                   (SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL) AS codes_left
              FROM authenticators
             WHERE user_id = $1
            """, [user.rawValue])
        return try rows.only.map {
            TwoFactorState(confirmedAt: try $0["confirmed_at"], recoveryCodesLeft: try $0["codes_left"])
        } ?? TwoFactorState(confirmedAt: nil, recoveryCodesLeft: 0)
    }

    func enrol(_ authenticator: Authenticator, for user: Identifier) async throws {
        let secret = try box.seal(authenticator.secret, of: user)
        do {
            let kept = try await database.query(
                """
                INSERT INTO authenticators (user_id, secret, last_step)
                VALUES ($1, $2, $3)
                    ON CONFLICT (user_id) DO UPDATE
                   SET secret = excluded.secret, last_step = excluded.last_step, created_at = now()
                 WHERE authenticators.confirmed_at IS NULL
                """, [user.rawValue, secret, authenticator.lastStep])
            guard kept.affectedRows == 1 else { throw AuthError.twoFactorOn }
        } catch let error as PostgresError where error.constraintViolated == "authenticators_user_id_fkey" {
            throw AuthError.accountGone
        }
    }

    func confirm(
        _ code: SecondFactor, of user: Identifier, _ codes: [RecoveryCode], keeping session: Identifier,
        _ entry: AuditEntry
    ) async throws -> Bool {
        try await database.withTransaction { transaction in
            guard try await transaction.lockUser(user) != nil else { throw AuthError.accountGone }
            guard try await transaction.confirm(code, of: user, codes, box) else { return false }
            try await transaction.revokeSessions(of: user, except: session)
            try await transaction.query(
                "UPDATE sessions SET methods = $2::text[] WHERE id = $1",
                [session.rawValue, Authentication(password: code.method).column])
            try await transaction.append(entry)
            return true
        }
    }

    func accept(_ code: SecondFactor, of user: Identifier, from origin: Origin) async throws -> Bool {
        try await database.withTransaction { transaction in
            try await transaction.accept(code, of: user, from: origin, box)
        }
    }

    func replaceRecoveryCodes(of user: Identifier, with codes: [RecoveryCode], _ entry: AuditEntry) async throws {
        try await database.withTransaction { transaction in
            guard try await transaction.lockAuthenticator(of: user, box)?.isConfirmed == true else {
                throw AuthError.twoFactorOff
            }
            try await transaction.replaceRecoveryCodes(of: user, with: codes)
            try await transaction.append(entry)
        }
    }

    func remove(from user: Identifier, endsSessions: Bool, _ entry: AuditEntry) async throws {
        try await database.withTransaction { transaction in
            guard try await transaction.lockUser(user) != nil else { throw AuthError.twoFactorOff }
            let removed = try await transaction.query(
                "DELETE FROM authenticators WHERE user_id = $1 AND confirmed_at IS NOT NULL", [user.rawValue])
            guard removed.affectedRows == 1 else { throw AuthError.twoFactorOff }
            if endsSessions { try await transaction.revokeSessions(of: user) }
            try await transaction.query(
                "UPDATE sessions SET methods = $2::text[] WHERE user_id = $1",
                [user.rawValue, Authentication.password.column])
            try await transaction.append(entry)
        }
    }

    func challenged(_ token: OpaqueToken, _ step: LoginChallenge.Step) async throws -> User? {
        let rows = try await database.query(
            """
            SELECT id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at,
                   updated_at
              FROM users
             WHERE id = (SELECT user_id
                           FROM login_challenges
                          WHERE hash = $1
                            AND step = $2
                            AND expires_at > clock_timestamp())
               AND disabled_at IS NULL
            """, [token.hash, step.rawValue])
        return try rows.only.map(User.init)
    }

    func complete(_ token: OpaqueToken, _ code: SecondFactor, forgetting bucket: String, from origin: Origin)
        async throws
        -> ChallengeOutcome
    {
        try await take(.code, token, forgetting: bucket, from: origin) { user, transaction in
            do {
                guard try await transaction.accept(code, of: user.id, from: origin, box) else { return nil }
            } catch AuthError.twoFactorOff {
                // It was switched off since; the password alone does at the next login.
                return nil
            }
            return Authentication(password: code.method)
        }
    }

    func completeEnrolment(
        _ token: OpaqueToken, _ code: SecondFactor, _ codes: [RecoveryCode], forgetting bucket: String,
        from origin: Origin
    ) async throws -> ChallengeOutcome {
        try await take(.enrolment, token, forgetting: bucket, from: origin) { user, transaction in
            guard try await transaction.confirm(code, of: user.id, codes, box) else { return nil }
            try await transaction.revokeSessions(of: user.id)
            try await transaction.append(
                AuditEntry(action: .twoFactorEnabled, actor: user.id, target: user.id, origin: origin))
            return Authentication(password: code.method)
        }
    }

    /// - Parameter prove: how the session that is to be opened was proved; `nil` for a wrong code.
    private func take(
        _ step: LoginChallenge.Step, _ token: OpaqueToken, forgetting bucket: String, from origin: Origin,
        prove: @Sendable (User, PostgresTransaction) async throws -> Authentication?
    ) async throws -> ChallengeOutcome {
        try await database.withTransaction { transaction in
            guard let user = try await transaction.lockUser(of: token, step) else { return .refused }
            guard let authentication = try await prove(user, transaction) else {
                try await transaction.useAttempt(of: token)
                return .wrongCode
            }
            try await transaction.query("DELETE FROM login_challenges WHERE hash = $1", [token.hash])
            try await transaction.query("DELETE FROM login_failures WHERE bucket = $1", [bucket])
            let grant = try await transaction.openSession(
                for: user, from: origin, lifetime: lifetimes.refreshToken, as: authentication)
            try await transaction.append(
                AuditEntry(
                    action: .loggedIn, actor: user.id, target: user.id, origin: origin,
                    detail: ["methods": .array(authentication.methods.map { .string($0.rawValue) })]))
            return .opened(grant)
        }
    }
}
