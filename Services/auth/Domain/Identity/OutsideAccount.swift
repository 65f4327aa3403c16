import WireProtocol

/// An account as an identity server has it.
struct OutsideAccount: Sendable, Equatable {
    /// What the server calls it.
    let identity: Identifier
    /// What it is called here.
    let user: Identifier
    let email: EmailAddress
    let displayName: String?
    let role: Role
    let isEmailVerified: Bool
    let isDisabled: Bool
}

/// The rows in `users` of accounts that an identity server keeps: one each, made when it is first seen here.
protocol Shadows: Sendable {
    /// The account that is here under an e-mail address, and what the server calls it.
    func holder(of email: String) async throws -> (user: Identifier, identity: Identifier?)?

    /// Makes the row, or brings it up to date; a change of role ends what tokens issued before allow. Name and role are
    /// left as they are while the server may not have heard of a change here when it was asked.
    ///
    /// - Throws: ``AuthError/emailTaken`` when the address is here under another account; ``AuthError/accountGone`` when
    ///   it was deleted here, of which the server is yet to be told.
    func adopt(_ account: OutsideAccount) async throws -> User

    /// Erases a row whose account the server has no more.
    func drop(_ user: Identifier) async throws
}
