import FoundationEssentials
import ServiceKit
import WireProtocol

/// All that auth holds on one user, as its owner gets it.
struct PersonalDataAnswer: Encodable {
    var user: UserAnswer
    var twoFactor: SecondFactor
    var sessions: [Session]
    var audit: [Entry]

    init(_ data: PersonalData) {
        user = UserAnswer(data.user)
        twoFactor = SecondFactor(data.twoFactor)
        sessions = data.sessions.map(Session.init)
        audit = data.audit.map { Entry($0, seenBy: data.user.id) }
    }

    enum CodingKeys: String, CodingKey {
        case user, sessions, audit
        case twoFactor = "two_factor"
    }

    struct SecondFactor: Encodable {
        var enabled: Bool
        @ExplicitNull var confirmedAt: Date?
        var recoveryCodesLeft: Int

        init(_ state: TwoFactorState) {
            enabled = state.confirmedAt != nil
            confirmedAt = state.confirmedAt
            recoveryCodesLeft = state.recoveryCodesLeft
        }

        enum CodingKeys: String, CodingKey {
            case enabled
            case confirmedAt = "confirmed_at"
            case recoveryCodesLeft = "recovery_codes_left"
        }
    }

    struct Session: Encodable {
        var id: Identifier
        @ExplicitNull var userAgent: String?
        @ExplicitNull var ip: String?
        var createdAt: Date
        var lastUsedAt: Date
        var expiresAt: Date
        @ExplicitNull var revokedAt: Date?
        /// By what it was opened, as `amr` of its tokens.
        var amr: [String]

        init(_ session: PastSession) {
            id = session.id
            userAgent = session.userAgent
            ip = session.address
            createdAt = session.createdAt
            lastUsedAt = session.lastUsedAt
            expiresAt = session.expiresAt
            revokedAt = session.revokedAt
            amr = session.authentication.methods.map(\.rawValue)
        }

        enum CodingKeys: String, CodingKey {
            case id, ip, amr
            case userAgent = "user_agent"
            case createdAt = "created_at"
            case lastUsedAt = "last_used_at"
            case expiresAt = "expires_at"
            case revokedAt = "revoked_at"
        }
    }

    /// Of what somebody else did, neither who it was nor from where: that is theirs.
    struct Entry: Encodable {
        enum Actor: String, Encodable {
            case yourself, administrator, unknown
        }

        var at: Date
        var action: String
        var by: Actor
        @ExplicitNull var ip: String?
        var detail: [String: JSONValue]

        init(_ record: AuditRecord, seenBy owner: Identifier) {
            at = record.at
            action = record.action
            by = record.actor.map { $0 == owner ? .yourself : .administrator } ?? .unknown
            ip = by == .administrator ? nil : record.address
            detail = record.detail
        }
    }
}
