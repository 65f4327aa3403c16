import WireProtocol

/// Accounts, as administrators see them. Every change notes `entry` in the same transaction.
protocol UserDirectory: Sendable {
    /// By e-mail; one more than `limit`.
    func users(_ filter: UserFilter, limit: Int, after email: String?) async throws -> [User]
    func count(_ filter: UserFilter) async throws -> Int
    func user(_ id: Identifier) async throws -> User?

    /// - Throws: ``AuthError/emailTaken``.
    func create(_ user: NewUser, _ entry: AuditEntry) async throws -> User

    /// - Throws: ``AuthError/changedMeanwhile``, ``AuthError/notFound``, ``AuthError/noLongerAdmin``.
    func change(
        _ user: Identifier, version: Int, _ change: UserChange, by actor: Identifier?, from origin: Origin
    ) async throws -> User

    /// Ends every session, withdraws links that were mailed, and has the owner told by mail.
    ///
    /// - Parameter hash: `nil` when passwords are kept elsewhere.
    /// - Throws: ``AuthError/notFound``.
    func setPassword(of user: Identifier, to hash: BcryptHash?, _ entry: AuditEntry) async throws

    /// - Throws: ``AuthError/notFound``, ``AuthError/noLongerAdmin``, ``AuthError/changedMeanwhile``.
    func delete(_ user: Identifier, version: Int?, by actor: Identifier?, _ entry: AuditEntry) async throws
}

/// Which accounts are asked for.
struct UserFilter: Sendable {
    /// Part of an e-mail address or display name, in any case.
    var text: String?
    var role: Role?
}

/// What an administrator changes of an account; `nil` keeps.
struct UserChange: Sendable {
    var role: Role?
    var isDisabled: Bool?
    /// `.some(nil)` takes the name away.
    var displayName: String??
}
