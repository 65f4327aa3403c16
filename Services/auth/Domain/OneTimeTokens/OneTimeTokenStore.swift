/// One-time tokens that were mailed, to be used up. A token is good once, for its purpose, until it expires or a newer
/// one takes its place, and only as long as its account is neither disabled nor has another e-mail address by then.
protocol OneTimeTokenStore: Sendable {
    /// The account of a good token; `nil` when it is not good.
    func account(of token: OneTimeToken, for purpose: OneTimeToken.Purpose) async throws -> User?

    /// Sets the password, ends every session, counts the e-mail address as verified, forgets the failures counted in
    /// `bucket`, and has the owner told by mail.
    ///
    /// - Parameter hash: `nil` when passwords are kept elsewhere.
    /// - Throws: ``AuthError/tokenRefused``.
    func resetPassword(by token: OneTimeToken, to hash: BcryptHash?, forgetting bucket: String, from origin: Origin)
        async throws

    /// - Throws: ``AuthError/tokenRefused``.
    func verifyEmail(by token: OneTimeToken, from origin: Origin) async throws
}
