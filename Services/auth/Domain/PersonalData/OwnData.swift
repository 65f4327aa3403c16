/// What owners may do with all that is held on them: take it along, and have it deleted.
struct OwnData: Sendable {
    let store: any PersonalDataStore
    let identities: any IdentityStore
    let logins: LoginGuard
    let state: TokenState

    /// - Throws: ``AuthError/accountGone``.
    func export(of user: User) async throws -> PersonalData {
        guard let data = try await store.personalData(of: user.id) else { throw AuthError.accountGone }
        return data
    }

    /// Deletes the account. Wrong guesses of the password count like failed logins.
    ///
    /// - Throws: ``AuthError/wrongCurrentPassword``, ``AuthError/lastAdmin``, ``AuthError/accountGone``,
    ///   ``AuthError/busy``, ``AuthError/tooManyFailures(_:)``.
    func erase(_ user: User, password: String, from origin: Origin) async throws {
        let attempt = logins.password(of: user, from: origin)
        try await logins.admit(attempt)
        guard try await identities.isRight(password, of: user) else {
            try await logins.failed(
                attempt, AuditEntry(action: .loginFailed, actor: user.id, target: user.id, origin: origin))
            throw AuthError.wrongCurrentPassword
        }
        let entry = AuditEntry(action: .deleted, actor: user.id, target: user.id, origin: origin)
        try await store.erase(user.id, entry)
        await state.follow()
    }
}
