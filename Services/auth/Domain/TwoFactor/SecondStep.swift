import Metrics
import WireProtocol

/// The second step of a login, by the challenge that the first one gave.
struct SecondStep: Sendable {
    let store: any TwoFactorStore
    let logins: LoginGuard
    let state: TokenState

    /// - Throws: ``AuthError/challengeRefused``, ``AuthError/wrongSecondFactor``, ``AuthError/tooManyFailures(_:)``.
    func complete(_ token: String, _ code: SecondFactor, from origin: Origin) async throws -> SessionGrant {
        try await step(.code, token, from: origin) { token, attempt in
            try await store.complete(token, code, forgetting: attempt.counted[0].name, from: origin)
        }
    }

    /// - Throws: ``AuthError/challengeRefused``, ``AuthError/twoFactorOn``.
    func beginEnrolment(_ token: String) async throws -> (User, Authenticator) {
        let (_, user) = try await challenged(token, .enrolment)
        let authenticator = Authenticator()
        try await store.enrol(authenticator, for: user.id)
        return (user, authenticator)
    }

    /// - Throws: ``AuthError/challengeRefused``, ``AuthError/wrongSecondFactor``, ``AuthError/tooManyFailures(_:)``,
    ///   ``AuthError/twoFactorOff`` when nothing was begun.
    func completeEnrolment(_ token: String, _ code: SecondFactor, from origin: Origin) async throws
        -> (SessionGrant, [RecoveryCode])
    {
        let codes = RecoveryCode.set()
        let grant = try await step(.enrolment, token, from: origin) { token, attempt in
            try await store.completeEnrolment(token, code, codes, forgetting: attempt.counted[0].name, from: origin)
        }
        await state.follow()
        return (grant, codes)
    }

    private func step(
        _ step: LoginChallenge.Step, _ text: String, from origin: Origin,
        _ complete: (OpaqueToken, LoginGuard.Attempt) async throws -> ChallengeOutcome
    ) async throws -> SessionGrant {
        let (token, user) = try await challenged(text, step)
        let attempt = logins.secondFactor(of: user.id, from: origin)
        try await logins.admit(attempt)
        switch try await complete(token, attempt) {
        case .opened(let grant):
            Accounts.count("success")
            return grant
        case .refused:
            throw AuthError.challengeRefused
        case .wrongCode:
            Accounts.count("wrong_code")
            try await logins.failed(
                attempt,
                AuditEntry(
                    action: .loginFailed, target: user.id, origin: origin, detail: ["step": .string("two_factor")]))
            throw AuthError.wrongSecondFactor
        }
    }

    private func challenged(_ text: String, _ step: LoginChallenge.Step) async throws -> (OpaqueToken, User) {
        guard let token = OpaqueToken(text), let user = try await store.challenged(token, step) else {
            throw AuthError.challengeRefused
        }
        return (token, user)
    }
}
