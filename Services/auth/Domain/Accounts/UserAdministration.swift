import WireProtocol

/// What administrators do to accounts. Without an `actor` it is the operator, by a command.
struct UserAdministration: Sendable {
    let identities: any IdentityStore
    let directory: any UserDirectory
    let state: TokenState

    /// - Parameter password: without one nobody can log in to the account until one is set.
    /// - Throws: ``AuthError/emailTaken``, ``AuthError/busy``.
    func create(
        _ email: EmailAddress, password: String?, _ profile: Profile, role: Role, by actor: Identifier?,
        from origin: Origin
    ) async throws -> User {
        var user = try await identities.create(
            email, password: password, displayName: profile.displayName, role: role)
        user.locale = profile.locale
        let entry = AuditEntry(
            action: .created, actor: actor, target: user.id, origin: origin, detail: ["role": .string(role.rawValue)])
        return try await directory.create(user, entry)
    }

    /// A change of role, or disabling, ends what tokens issued before allow.
    ///
    /// - Throws: ``AuthError/ownAccount``, ``AuthError/changedMeanwhile``, ``AuthError/notFound``,
    ///   ``AuthError/noLongerAdmin``.
    func change(_ user: User, _ change: UserChange, by actor: Identifier?, from origin: Origin) async throws -> User {
        let losesRights = change.isDisabled == true || (change.role ?? .admin) != .admin
        if user.id == actor, losesRights { throw AuthError.ownAccount }
        let changed = try await directory.change(user.id, version: user.version, change, by: actor, from: origin)
        await state.follow()
        return changed
    }

    /// - Parameter version: the account is deleted only in this version; `nil` for any.
    /// - Throws: ``AuthError/ownAccount``, ``AuthError/notFound``, ``AuthError/noLongerAdmin``,
    ///   ``AuthError/changedMeanwhile``.
    func delete(_ user: Identifier, version: Int?, by actor: Identifier?, from origin: Origin) async throws {
        if user == actor { throw AuthError.ownAccount }
        let entry = AuditEntry(action: .deleted, actor: actor, target: user, origin: origin)
        try await directory.delete(user, version: version, by: actor, entry)
        await state.follow()
    }

    /// Every session of the account ends.
    ///
    /// - Throws: ``AuthError/notFound``, ``AuthError/busy``.
    func setPassword(of user: User, to password: String, from origin: Origin) async throws {
        let hash = try await identities.setPassword(of: user, to: password)
        let entry = AuditEntry(action: .passwordReset, target: user.id, origin: origin)
        try await directory.setPassword(of: user.id, to: hash, entry)
        await state.follow()
    }
}
