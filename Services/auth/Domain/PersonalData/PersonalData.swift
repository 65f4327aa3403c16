import FoundationEssentials
import WireProtocol

/// All that auth holds on one user, without what is secret even from its owner: hashes and tokens.
struct PersonalData: Sendable {
    /// The newest entries of the audit log that are told; no account comes near it in honest use.
    static let auditLimit = 10_000

    let user: User
    let twoFactor: TwoFactorState
    let sessions: [PastSession]
    /// The newest first.
    let audit: [AuditRecord]
}

/// A session, whether it is open or not.
struct PastSession: Sendable {
    let id: Identifier
    let userAgent: String?
    let address: String?
    let createdAt: Date
    let lastUsedAt: Date
    let expiresAt: Date
    let revokedAt: Date?
    let authentication: Authentication
}

/// What is held on users, to hand over and to delete.
protocol PersonalDataStore: Sendable {
    /// `nil` when there is no such user.
    func personalData(of user: Identifier) async throws -> PersonalData?

    /// Deletes the account, makes the audit log's entries on it anonymous, `entry` included, and tells the other services.
    ///
    /// - Throws: ``AuthError/accountGone``, ``AuthError/lastAdmin``.
    func erase(_ user: Identifier, _ entry: AuditEntry) async throws
}
