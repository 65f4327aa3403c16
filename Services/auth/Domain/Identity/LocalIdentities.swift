import WireProtocol

/// Accounts whose passwords are in `users`, as bcrypt.
struct LocalIdentities: IdentityStore {
    let store: any AccountStore
    let hasher: PasswordHasher

    func register(_ email: EmailAddress, password: String, displayName: String?) async throws -> NewUser {
        NewUser(email: email, passwordHash: try await hasher.hash(password), displayName: displayName)
    }

    func prove(_ password: String, email: String, _ known: Credentials?) async throws -> PasswordProof? {
        let highest = try await store.highestCost() ?? 0
        guard try await hasher.verify(password, against: known?.passwordHash, spending: highest), let known
        else { return nil }
        return PasswordProof(user: known.user, passwordHash: known.passwordHash)
    }

    func isRight(_ password: String, of user: User) async throws -> Bool {
        try await hasher.verify(password, against: try await store.passwordHash(of: user.id))
    }

    /// When there is too much to hash already, next time.
    func renew(_ proof: PasswordProof, _ password: String) async throws {
        guard let hash = proof.passwordHash, hasher.isOutdated(hash) else { return }
        do {
            try await store.replaceHash(of: proof.user.id, from: hash, with: try await hasher.hash(password))
        } catch AuthError.busy {
            return
        }
    }

    func changePassword(of user: User, from current: String, to password: String) async throws -> PasswordChange? {
        let known = try await store.passwordHash(of: user.id)
        guard try await hasher.verify(current, against: known) else { return nil }
        return PasswordChange(old: known, new: try await hasher.hash(password))
    }

    func setPassword(of user: User, to password: String) async throws -> BcryptHash? {
        try await hasher.hash(password)
    }

    func create(_ email: EmailAddress, password: String?, displayName: String?, role: Role) async throws -> NewUser {
        var user = NewUser(email: email, displayName: displayName, role: role)
        if let password { user.passwordHash = try await hasher.hash(password) }
        return user
    }
}
