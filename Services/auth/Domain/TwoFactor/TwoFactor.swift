import Metrics
import WireProtocol

/// What users do about their second factor.
struct TwoFactor: Sendable {
    /// What shows that it is the owner, and not who found an unlocked screen.
    enum Proof: Sendable {
        case password(String)
        case code(SecondFactor)
    }

    let store: any TwoFactorStore
    let accounts: Accounts
    let logins: LoginGuard
    let state: TokenState
    let policy: TwoFactorPolicy

    /// - Throws: ``AuthError/twoFactorOn``, and what ``Accounts/requirePassword(_:of:from:)`` throws.
    func begin(for user: User, password: String, from origin: Origin) async throws -> Authenticator {
        try await accounts.requirePassword(password, of: user, from: origin)
        let authenticator = Authenticator()
        try await store.enrol(authenticator, for: user.id)
        return authenticator
    }

    /// - Throws: ``AuthError/wrongCode``, ``AuthError/tooManyFailures(_:)``, ``AuthError/twoFactorOn``,
    ///   ``AuthError/twoFactorOff`` when nothing was begun.
    func confirm(_ code: SecondFactor, of user: User, keeping session: Identifier, from origin: Origin) async throws
        -> [RecoveryCode]
    {
        let codes = RecoveryCode.set()
        let entry = AuditEntry(action: .twoFactorEnabled, actor: user.id, target: user.id, origin: origin)
        try await guarded(user, from: origin) {
            try await store.confirm(code, of: user.id, codes, keeping: session, entry)
        }
        await state.follow()
        return codes
    }

    /// The recovery codes there were are of no use any more.
    ///
    /// - Throws: ``AuthError/twoFactorOff``, and what a wrong proof is refused with.
    func replaceRecoveryCodes(of user: User, _ proof: Proof, from origin: Origin) async throws -> [RecoveryCode] {
        try await require(proof, of: user, from: origin)
        let codes = RecoveryCode.set()
        let entry = AuditEntry(action: .recoveryCodesReplaced, actor: user.id, target: user.id, origin: origin)
        try await store.replaceRecoveryCodes(of: user.id, with: codes, entry)
        return codes
    }

    /// - Throws: ``AuthError/twoFactorOff``, ``AuthError/twoFactorRequired``, and what a wrong proof is refused with.
    func disable(for user: User, _ proof: Proof, from origin: Origin) async throws {
        guard !policy.requires(of: user.role) else { throw AuthError.twoFactorRequired }
        try await require(proof, of: user, from: origin)
        let entry = AuditEntry(action: .twoFactorDisabled, actor: user.id, target: user.id, origin: origin)
        try await store.remove(from: user.id, endsSessions: false, entry)
    }

    /// An administrator's help for who has lost app and recovery codes. Ends the user's sessions.
    ///
    /// - Throws: ``AuthError/notFound``.
    func reset(_ user: Identifier, by actor: Identifier, from origin: Origin) async throws {
        let entry = AuditEntry(action: .twoFactorReset, actor: actor, target: user, origin: origin)
        do {
            try await store.remove(from: user, endsSessions: true, entry)
        } catch AuthError.twoFactorOff {
            throw AuthError.notFound
        }
        await state.follow()
    }

    private func require(_ proof: Proof, of user: User, from origin: Origin) async throws {
        switch proof {
        case .password(let password):
            try await accounts.requirePassword(password, of: user, from: origin)
        case .code(let code):
            try await guarded(user, from: origin) { try await store.accept(code, of: user.id, from: origin) }
        }
    }

    /// Wrong codes count like failed logins, in a count of their own.
    private func guarded(_ user: User, from origin: Origin, _ isRight: () async throws -> Bool) async throws {
        let attempt = logins.secondFactor(of: user.id, from: origin)
        try await logins.admit(attempt)
        guard try await isRight() else {
            try await logins.failed(
                attempt,
                AuditEntry(
                    action: .loginFailed, actor: user.id, target: user.id, origin: origin,
                    detail: ["step": .string("two_factor")]))
            throw AuthError.wrongCode
        }
    }
}
