import FoundationEssentials
import WireProtocol

/// What the audit log tells of: each name is part of the contract.
enum AuditAction: String, Sendable, CaseIterable {
    case signedUp = "user.signed_up"
    case signUpRefused = "user.sign_up_refused"
    case created = "user.created"
    case changed = "user.changed"
    case roleChanged = "user.role_changed"
    case disabled = "user.disabled"
    case enabled = "user.enabled"
    case deleted = "user.deleted"
    case profileChanged = "user.profile_changed"
    case passwordChanged = "password.changed"
    case passwordResetRequested = "password.reset_requested"
    case passwordReset = "password.reset"
    case emailVerificationRequested = "email.verification_requested"
    case emailVerified = "email.verified"
    case mailSent = "mail.sent"
    case mailGivenUp = "mail.given_up"
    case loggedIn = "session.opened"
    case loginFailed = "session.login_failed"
    case loggedOut = "session.closed"
    case loggedOutEverywhere = "session.all_closed"
    case twoFactorEnabled = "two_factor.enabled"
    case twoFactorDisabled = "two_factor.disabled"
    case twoFactorReset = "two_factor.reset"
    case recoveryCodesReplaced = "two_factor.recovery_codes_replaced"
    case recoveryCodeUsed = "two_factor.recovery_code_used"
    case keyRotated = "key.rotated"
    case refreshReused = "session.refresh_reused"
}

/// One thing that is to be noted, in the transaction of the change itself.
struct AuditEntry: Sendable {
    var action: AuditAction
    /// Who did it; `nil` when nobody is known to have.
    var actor: Identifier?
    /// The user to whom it was done.
    var target: Identifier?
    var origin: Origin
    var detail: [String: JSONValue] = [:]
}

/// One thing that was noted.
struct AuditRecord: Sendable {
    let id: Int
    let at: Date
    let actor: Identifier?
    let action: String
    let target: Identifier?
    let address: String?
    let requestID: String?
    let detail: [String: JSONValue]
}
