import Metrics
import WireProtocol

/// Sign-up, login, and what owners do to their own accounts.
struct Accounts: Sendable {
    let identities: any IdentityStore
    let store: any AccountStore
    let logins: LoginGuard
    let state: TokenState

    /// - Throws: ``AuthError/emailTaken``, ``AuthError/busy``, ``AuthError/tooManyFailures(_:)``,
    ///   ``AuthError/tooManySignUps(_:)``.
    func signUp(_ email: EmailAddress, password: String, _ profile: Profile, from origin: Origin) async throws
        -> LoginOutcome
    {
        let attempt = logins.signUp(from: origin)
        try await logins.admit(attempt)
        try await logins.countSignUp(from: origin)
        do {
            var user = try await identities.register(email, password: password, displayName: profile.displayName)
            user.locale = profile.locale
            let entry = AuditEntry(action: .signedUp, actor: user.id, target: user.id, origin: origin)
            return try await store.signUp(user, entry)
        } catch AuthError.emailTaken {
            try await logins.failed(attempt, AuditEntry(action: .signUpRefused, origin: origin))
            throw AuthError.emailTaken
        }
    }

    /// The same work is done, and the same said, whatever makes the login fail.
    ///
    /// - Throws: ``AuthError/wrongCredentials``, ``AuthError/busy``, ``AuthError/tooManyFailures(_:)``.
    func logIn(email: String, password: String, from origin: Origin) async throws -> LoginOutcome {
        do {
            let outcome = try await attempt(email: email, password: password, from: origin)
            if case .opened = outcome { Self.count("success") } else { Self.count("challenged") }
            return outcome
        } catch let error as AuthError {
            if let outcome = error.outcome { Self.count(outcome) }
            throw error
        }
    }

    private func attempt(email: String, password: String, from origin: Origin) async throws -> LoginOutcome {
        let known = try await store.credentials(email: email, address: origin.address)
        let attempt = logins.login(to: email, known, from: origin)
        let isBelieved = try await logins.hear(attempt)
        let proof = try await identities.prove(password, email: email, known)
        if let proof, !proof.user.isDisabled, isBelieved {
            _ = try await logins.hear(attempt)
            let user = proof.user.id
            let entry = AuditEntry(action: .loggedIn, actor: user, target: user, origin: origin)
            if let outcome = try await store.logIn(proof, forgetting: attempt.counted[0].name, entry) {
                try await identities.renew(proof, password)
                return outcome
            }
        }
        try await logins.failed(
            attempt, AuditEntry(action: .loginFailed, target: known?.user.id, origin: origin))
        Self.count(Self.cause(known, proof))
        throw AuthError.wrongCredentials
    }

    /// Why a login failed: for operators alone, in numbers.
    private static func cause(_ known: Credentials?, _ proof: PasswordProof?) -> String {
        guard let proof else { return known == nil ? "unknown_account" : "wrong_password" }
        return proof.user.isDisabled ? "disabled" : "refused"
    }

    /// - Throws: ``AuthError/accountGone``.
    func account(_ id: Identifier) async throws -> User {
        guard let user = try await store.user(id), !user.isDisabled else { throw AuthError.accountGone }
        return user
    }

    /// - Throws: ``AuthError/changedMeanwhile``, ``AuthError/accountGone``.
    func changeProfile(of user: User, to profile: Profile, from origin: Origin) async throws -> User {
        let entry = AuditEntry(action: .profileChanged, actor: user.id, target: user.id, origin: origin)
        return try await store.changeProfile(of: user.id, version: user.version, to: profile, entry)
    }

    /// Every other session ends. Wrong guesses of the current password count like failed logins.
    ///
    /// - Throws: ``AuthError/wrongCurrentPassword``, ``AuthError/accountGone``, ``AuthError/busy``,
    ///   ``AuthError/tooManyFailures(_:)``, ``AuthError/changedMeanwhile``.
    func changePassword(
        of user: User, from current: String, to password: String, keeping session: Identifier, from origin: Origin
    ) async throws {
        let attempt = logins.password(of: user, from: origin)
        try await logins.admit(attempt)
        guard let change = try await identities.changePassword(of: user, from: current, to: password) else {
            try await logins.failed(
                attempt, AuditEntry(action: .loginFailed, actor: user.id, target: user.id, origin: origin))
            throw AuthError.wrongCurrentPassword
        }
        let entry = AuditEntry(action: .passwordChanged, actor: user.id, target: user.id, origin: origin)
        try await store.changePassword(of: user.id, change, keeping: session, entry)
        await state.follow()
    }

    /// Has who is logged in show the password once more. Wrong guesses count like failed logins.
    ///
    /// - Throws: ``AuthError/wrongCurrentPassword``, ``AuthError/busy``, ``AuthError/tooManyFailures(_:)``.
    func requirePassword(_ password: String, of user: User, from origin: Origin) async throws {
        let attempt = logins.password(of: user, from: origin)
        try await logins.admit(attempt)
        guard try await identities.isRight(password, of: user) else {
            try await logins.failed(
                attempt, AuditEntry(action: .loginFailed, actor: user.id, target: user.id, origin: origin))
            throw AuthError.wrongCurrentPassword
        }
    }

    static func count(_ outcome: String) {
        Counter(label: "auth_logins_total", dimensions: [("outcome", outcome)]).increment()
    }
}

extension AuthError {
    /// `nil` when it was counted already, by its cause.
    fileprivate var outcome: String? {
        switch self {
        case .wrongCredentials: nil
        case .tooManyFailures: "limited"
        case .busy: "busy"
        case .identityServerDown: "identity_server_down"
        default: "refused"
        }
    }
}
