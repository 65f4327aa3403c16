/// How sure it is that a session is its user's: the authenticator assurance level of NIST SP 800-63B §4.
public enum Assurance: String, Sendable, Hashable, Codable {
    /// One factor.
    case one = "aal1"
    /// Two different factors.
    case two = "aal2"
}
