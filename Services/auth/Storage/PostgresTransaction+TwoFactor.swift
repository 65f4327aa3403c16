import FoundationEssentials
import Postgres
import WireProtocol

extension PostgresTransaction {
    /// An authenticator as it is kept; this transaction holds its row locked.
    struct LockedAuthenticator {
        let authenticator: Authenticator
        let isConfirmed: Bool
        let now: Date
    }

    func lockAuthenticator(of user: Identifier, _ box: SecretBox) async throws -> LockedAuthenticator? {
        let rows = try await query(
            """
            SELECT secret, last_step, confirmed_at IS NOT NULL AS is_confirmed, clock_timestamp() AS now
              FROM authenticators
             WHERE user_id = $1
               FOR UPDATE
            """, [user.rawValue])
        return try rows.only.map { row in
            LockedAuthenticator(
                authenticator: Authenticator(
                    secret: try box.open(try row["secret"], of: user), lastStep: try row["last_step"]),
                isConfirmed: try row["is_confirmed"], now: try row["now"])
        }
    }

    /// Whether `code` is right, which uses it up.
    ///
    /// - Throws: ``AuthError/twoFactorOff``.
    func accept(_ code: SecondFactor, of user: Identifier, from origin: Origin, _ box: SecretBox) async throws -> Bool {
        guard let locked = try await lockAuthenticator(of: user, box), locked.isConfirmed else {
            throw AuthError.twoFactorOff
        }
        switch code {
        case .oneTimePassword(let digits):
            guard let step = locked.authenticator.step(of: digits, at: locked.now) else { return false }
            try await query(
                "UPDATE authenticators SET last_step = $2 WHERE user_id = $1", [user.rawValue, step])
        case .recoveryCode(let code):
            let used = try await query(
                """
                UPDATE recovery_codes
                   SET used_at = now()
                 WHERE user_id = $1
                   AND hash = $2
                   AND used_at IS NULL
                """, [user.rawValue, code.hash])
            guard used.affectedRows == 1 else { return false }
            try await append(AuditEntry(action: .recoveryCodeUsed, actor: user, target: user, origin: origin))
        }
        return true
    }

    /// Puts an authenticator in force when `code` is its own.
    ///
    /// - Throws: ``AuthError/twoFactorOn``, ``AuthError/twoFactorOff`` when none was kept.
    func confirm(_ code: SecondFactor, of user: Identifier, _ codes: [RecoveryCode], _ box: SecretBox) async throws
        -> Bool
    {
        guard let locked = try await lockAuthenticator(of: user, box) else { throw AuthError.twoFactorOff }
        guard !locked.isConfirmed else { throw AuthError.twoFactorOn }
        guard case .oneTimePassword(let digits) = code,
            let step = locked.authenticator.step(of: digits, at: locked.now)
        else { return false }
        try await query(
            "UPDATE authenticators SET confirmed_at = now(), last_step = $2 WHERE user_id = $1", [user.rawValue, step])
        try await replaceRecoveryCodes(of: user, with: codes)
        return true
    }

    func replaceRecoveryCodes(of user: Identifier, with codes: [RecoveryCode]) async throws {
        try await query("DELETE FROM recovery_codes WHERE user_id = $1", [user.rawValue])
        try await query(
            "INSERT INTO recovery_codes (user_id, hash) SELECT $1, unnest($2::bytea[])",
            [user.rawValue, codes.map { Data($0.hash) }])
    }
}
