/// What owners may do with all that is held on them: take it along, and have it deleted.
struct OwnData: Sendable {
    let store: any PersonalDataStore
    let accounts: Accounts
    let state: TokenState

    /// - Throws: ``AuthError/accountGone``.
    func export(of user: User) async throws -> PersonalData {
        guard let data = try await store.personalData(of: user.id) else { throw AuthError.accountGone }
        return data
    }

    /// Deletes the account.
    ///
    /// - Throws: ``AuthError/lastAdmin``, ``AuthError/accountGone``, and what
    ///   ``Accounts/requirePassword(_:of:from:)`` throws.
    func erase(_ user: User, password: String, from origin: Origin) async throws {
        try await accounts.requirePassword(password, of: user, from: origin)
        let entry = AuditEntry(action: .deleted, actor: user.id, target: user.id, origin: origin)
        try await store.erase(user.id, entry)
        await state.follow()
    }
}
