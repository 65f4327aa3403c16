/// A login whose password was right and which needs a second step. The token is good for that step alone.
public struct LoginChallenge: Sendable, Hashable, Codable {
    public enum Step: String, Sendable, Hashable, Codable, CaseIterable {
        /// `POST /auth/login/two-factor` with a code.
        case code = "two_factor"
        /// The account's role needs a second factor, and it has none yet: `POST /auth/login/enrolment`.
        case enrolment
    }

    public var token: String
    public var step: Step
    /// Seconds.
    public var expiresIn: Int

    public init(token: String, step: Step, expiresIn: Int) {
        self.token = token
        self.step = step
        self.expiresIn = expiresIn
    }

    enum CodingKeys: String, CodingKey {
        case token, step
        case expiresIn = "expires_in"
    }
}
