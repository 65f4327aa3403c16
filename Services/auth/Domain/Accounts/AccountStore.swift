import WireProtocol

/// Accounts, as their owners use them. Every change notes `entry` in the same transaction.
protocol AccountStore: Sendable {
    func credentials(email: String, address: String) async throws -> Credentials?
    /// `nil` as well when the account is gone or disabled.
    func passwordHash(of user: Identifier) async throws -> BcryptHash?
    /// The highest cost of a hash that is kept; `nil` when there is none.
    func highestCost() async throws -> Int?
    func user(_ id: Identifier) async throws -> User?

    /// Makes an account and opens its first session, or asks for a second factor if its role needs one.
    ///
    /// - Throws: ``AuthError/emailTaken``.
    func signUp(_ user: NewUser, _ entry: AuditEntry) async throws -> LoginOutcome

    /// Opens a session or asks for the second factor, and forgets the failures counted in `bucket`.
    ///
    /// - Returns: `nil` when the account is gone, disabled or has another password by now.
    func logIn(_ proof: PasswordProof, forgetting bucket: String, _ entry: AuditEntry) async throws -> LoginOutcome?

    /// Puts the same password's new hash in place, unless the password was changed meanwhile.
    func replaceHash(of user: Identifier, from old: BcryptHash, with new: BcryptHash) async throws

    /// - Throws: ``AuthError/changedMeanwhile``, ``AuthError/accountGone``.
    func changeProfile(of user: Identifier, version: Int, to profile: Profile, _ entry: AuditEntry) async throws -> User

    /// Revokes every session but `session`.
    ///
    /// - Throws: ``AuthError/changedMeanwhile`` when the password is not the old one any more.
    func changePassword(of user: Identifier, _ change: PasswordChange, keeping session: Identifier, _ entry: AuditEntry)
        async throws
}
