/// The mails that there are. The name is also that of the templates.
enum MailKind: String, Sendable, CaseIterable {
    case passwordReset = "password-reset"
    case passwordChanged = "password-changed"
    case emailVerification = "email-verification"

    /// What the token in the mail is good for; `nil` for a mail without one.
    var purpose: OneTimeToken.Purpose? {
        switch self {
        case .passwordReset: .passwordReset
        case .passwordChanged: nil
        case .emailVerification: .emailVerification
        }
    }

    /// Where the mail's link leads in the front end.
    var path: String {
        switch self {
        case .passwordReset: "/reset-password"
        case .passwordChanged: "/forgot-password"
        case .emailVerification: "/verify-email"
        }
    }
}
