import FoundationEssentials
import WireProtocol

/// A record of the audit log as clients see one.
struct RecordAnswer: Encodable {
    var id: Int
    var at: Date
    @ExplicitNull var actor: Identifier?
    var action: String
    @ExplicitNull var target: Identifier?
    @ExplicitNull var ip: String?
    @ExplicitNull var requestID: String?
    var detail: [String: JSONValue]

    init(_ record: AuditRecord) {
        id = record.id
        at = record.at
        actor = record.actor
        action = record.action
        target = record.target
        ip = record.address
        requestID = record.requestID
        detail = record.detail
    }

    enum CodingKeys: String, CodingKey {
        case id, at, actor, action, target, ip, detail
        case requestID = "request_id"
    }
}
