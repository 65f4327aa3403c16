/// A secret that goes by mail, and shows once that who presents it reads that mail.
struct OneTimeToken: Sendable, Hashable, LosslessStringConvertible {
    private let token: OpaqueToken

    /// A new one.
    init() {
        token = OpaqueToken()
    }

    /// `nil` for what can't be one.
    init?(_ text: String) {
        guard let token = OpaqueToken(text) else { return nil }
        self.token = token
    }

    var description: String { token.description }

    /// SHA-256: all that is kept of it.
    var hash: [UInt8] { token.hash }

    /// The one thing that a token is good for.
    enum Purpose: String, Sendable, CaseIterable {
        case passwordReset = "password_reset"
        case emailVerification = "email_verification"

        var lifetime: Duration {
            switch self {
            case .passwordReset: .seconds(3_600)
            case .emailVerification: .seconds(3 * 86_400)
            }
        }
    }
}
