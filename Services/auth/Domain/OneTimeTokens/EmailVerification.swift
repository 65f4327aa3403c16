import WireProtocol

/// Whether an account's e-mail address is its owner's: shown by a link that is mailed there.
struct EmailVerification: Sendable {
    let tokens: any OneTimeTokenStore
    let desk: MailDesk

    /// Orders another mail with a link; for an address that is verified already none is written.
    ///
    /// - Throws: ``AuthError/tooManyMails(_:)``.
    func resend(to user: User, from origin: Origin) async throws {
        try await desk.order(
            MailOrder(kind: .emailVerification, recipient: user.email, language: user.locale, origin: origin),
            noting: AuditEntry(
                action: .emailVerificationRequested, actor: user.id, target: user.id, origin: origin))
    }

    /// - Throws: ``AuthError/tokenRefused``.
    func verify(_ text: String, from origin: Origin) async throws {
        guard let token = OneTimeToken(text) else { throw AuthError.tokenRefused }
        try await tokens.verifyEmail(by: token, from: origin)
    }
}
