import FoundationEssentials
import WireProtocol

/// Authenticator apps, recovery codes and challenges. Every change notes `entry` in the same transaction.
protocol TwoFactorStore: Sendable {
    func state(of user: Identifier) async throws -> TwoFactorState

    /// Keeps an authenticator that is not yet in force, in place of another such.
    ///
    /// - Throws: ``AuthError/twoFactorOn``, ``AuthError/accountGone``.
    func enrol(_ authenticator: Authenticator, for user: Identifier) async throws

    /// Puts the authenticator in force when `code` is its own, with these recovery codes; ends every session but
    /// `session`, which has now shown both factors.
    ///
    /// - Returns: whether the code was right.
    /// - Throws: ``AuthError/twoFactorOn``, ``AuthError/twoFactorOff``, ``AuthError/accountGone``.
    func confirm(
        _ code: SecondFactor, of user: Identifier, _ codes: [RecoveryCode], keeping session: Identifier,
        _ entry: AuditEntry
    ) async throws -> Bool

    /// - Returns: whether the code was right; it can't be used again.
    /// - Throws: ``AuthError/twoFactorOff``.
    func accept(_ code: SecondFactor, of user: Identifier, from origin: Origin) async throws -> Bool

    /// - Throws: ``AuthError/twoFactorOff``.
    func replaceRecoveryCodes(of user: Identifier, with codes: [RecoveryCode], _ entry: AuditEntry) async throws

    /// Takes the authenticator and the recovery codes away; no session of the user counts as having shown both factors.
    ///
    /// - Parameter endsSessions: whether to end all of them, too.
    /// - Throws: ``AuthError/twoFactorOff``.
    func remove(from user: Identifier, endsSessions: Bool, _ entry: AuditEntry) async throws

    /// Whose login waits for this step; `nil` when there is none, any more.
    func challenged(_ token: OpaqueToken, _ step: LoginChallenge.Step) async throws -> User?

    /// Opens the session that the challenge stands for, when `code` is right, and forgets the failures counted in
    /// `bucket`. Each wrong code uses up an attempt.
    func complete(_ token: OpaqueToken, _ code: SecondFactor, forgetting bucket: String, from origin: Origin)
        async throws
        -> ChallengeOutcome

    /// The same, with the first code of an authenticator that comes in force by it.
    func completeEnrolment(
        _ token: OpaqueToken, _ code: SecondFactor, _ codes: [RecoveryCode], forgetting bucket: String,
        from origin: Origin
    ) async throws -> ChallengeOutcome
}

struct TwoFactorState: Sendable {
    /// `nil` while no authenticator is in force.
    let confirmedAt: Date?
    let recoveryCodesLeft: Int
}

/// What became of a login's second step.
enum ChallengeOutcome: Sendable {
    case opened(SessionGrant)
    case wrongCode
    /// There is no such challenge, any more.
    case refused
}
