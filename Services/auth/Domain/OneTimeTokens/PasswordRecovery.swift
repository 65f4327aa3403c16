import WireProtocol

/// The way back into an account whose password is forgotten: a link by mail.
struct PasswordRecovery: Sendable {
    let identities: any IdentityStore
    let tokens: any OneTimeTokenStore
    let desk: MailDesk
    let logins: LoginGuard
    let state: TokenState

    /// Orders the mail. Whether there is such an account is not looked at before the mail is written, so neither the
    /// answer nor its time can tell.
    ///
    /// - Throws: ``AuthError/tooManyMails(_:)``.
    func forgot(_ email: EmailAddress, language: LanguageTag?, from origin: Origin) async throws {
        try await desk.order(
            MailOrder(kind: .passwordReset, recipient: email.description, language: language, origin: origin),
            noting: AuditEntry(action: .passwordResetRequested, origin: origin))
    }

    /// Whose password `text` can set, for the new password to be held against.
    ///
    /// - Throws: ``AuthError/tokenRefused``.
    func account(of text: String) async throws -> (token: OneTimeToken, user: User) {
        guard let token = OneTimeToken(text), let user = try await tokens.account(of: token, for: .passwordReset)
        else { throw AuthError.tokenRefused }
        return (token, user)
    }

    /// Every session of the account ends.
    ///
    /// - Throws: ``AuthError/tokenRefused``, ``AuthError/busy``.
    func reset(_ user: User, by token: OneTimeToken, to password: String, from origin: Origin) async throws {
        let hash = try await identities.setPassword(of: user, to: password)
        let attempt = logins.login(to: user.email, nil, from: origin)
        try await tokens.resetPassword(by: token, to: hash, forgetting: attempt.counted[0].name, from: origin)
        await state.follow()
    }
}
