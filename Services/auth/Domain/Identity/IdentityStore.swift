import WireProtocol

/// Who has an account, and by which password they prove it: auth's own tables, or an identity server. Sessions, limits
/// and the audit log are auth's own either way, and so is a row for each user that they belong to.
protocol IdentityStore: Sendable {
    /// Makes an account for who signs up.
    ///
    /// - Returns: what is to be kept of it in `users`.
    /// - Throws: ``AuthError/emailTaken``, ``AuthError/busy``.
    func register(_ email: EmailAddress, password: String, displayName: String?) async throws -> NewUser

    /// Whose account it is, when `password` is right; `nil` otherwise, after like time.
    ///
    /// - Parameter known: what `users` has under `email`.
    /// - Throws: ``AuthError/busy``.
    func prove(_ password: String, email: String, _ known: Credentials?) async throws -> PasswordProof?

    /// Whether `password` is that of the user, who may be disabled or gone by now.
    ///
    /// - Throws: ``AuthError/busy``.
    func isRight(_ password: String, of user: User) async throws -> Bool

    /// Keeps the password that a login proved in the form that is now asked for, where it was kept in another.
    func renew(_ proof: PasswordProof, _ password: String) async throws

    /// - Returns: what is to change in `users`; `nil` when `current` is wrong.
    /// - Throws: ``AuthError/busy``.
    func changePassword(of user: User, from current: String, to password: String) async throws -> PasswordChange?

    /// Sets the password of an account whose owner has shown by other means that it is theirs.
    ///
    /// - Returns: what is to be kept in `users`; `nil` when passwords are kept elsewhere.
    /// - Throws: ``AuthError/busy``.
    func setPassword(of user: User, to password: String) async throws -> BcryptHash?

    /// Makes an account for somebody else.
    ///
    /// - Parameter password: without one nobody can log in to the account until one is set.
    /// - Returns: what is to be kept of it in `users`.
    /// - Throws: ``AuthError/emailTaken``, ``AuthError/busy``.
    func create(_ email: EmailAddress, password: String?, displayName: String?, role: Role) async throws -> NewUser
}

/// That somebody has shown the password of an account.
struct PasswordProof: Sendable {
    let user: User
    /// The one in `users` that the password has; `nil` when passwords are kept elsewhere.
    let passwordHash: BcryptHash?
}

/// What a change of password changes in `users`.
struct PasswordChange: Sendable {
    /// `nil` for whichever there is.
    let old: BcryptHash?
    /// `nil` when passwords are kept elsewhere.
    let new: BcryptHash?
}
