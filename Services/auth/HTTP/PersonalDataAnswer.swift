import FoundationEssentials
import ServiceKit
import WireProtocol

/// All that auth holds on one user, as its owner gets it.
struct PersonalDataAnswer: Encodable {
    var user: UserAnswer
    var sessions: [Session]
    var audit: [Entry]

    init(_ data: PersonalData) {
        user = UserAnswer(data.user)
        sessions = data.sessions.map(Session.init)
        audit = data.audit.map { Entry($0, seenBy: data.user.id) }
    }

    struct Session: Encodable {
        var id: Identifier
        @ExplicitNull var userAgent: String?
        @ExplicitNull var ip: String?
        var createdAt: Date
        var lastUsedAt: Date
        var expiresAt: Date
        @ExplicitNull var revokedAt: Date?

        init(_ session: PastSession) {
            id = session.id
            userAgent = session.userAgent
            ip = session.address
            createdAt = session.createdAt
            lastUsedAt = session.lastUsedAt
            expiresAt = session.expiresAt
            revokedAt = session.revokedAt
        }

        enum CodingKeys: String, CodingKey {
            case id, ip
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
