import WireProtocol

/// How long, and how often, the second step of a login can be tried before the password has to be shown again.
enum ChallengeLimits {
    /// Seconds.
    static let lifetime = 300
    static let attempts = 5
}

/// What a right password gives.
enum LoginOutcome: Sendable {
    case opened(SessionGrant)
    case challenged(LoginChallenge)
}
