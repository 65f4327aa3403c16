import WireProtocol

/// Who needs a second factor, whether they like it or not.
struct TwoFactorPolicy: Sendable {
    let roles: Set<Role>

    func requires(of role: Role) -> Bool { roles.contains(role) }

    /// Whether a session that was opened so may go on.
    func admits(_ authentication: Authentication, to role: Role) -> Bool {
        authentication.assurance == .two || !requires(of: role)
    }
}
