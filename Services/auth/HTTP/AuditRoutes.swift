import FoundationEssentials
import Hummingbird
import ServiceKit
import WireProtocol

/// Who did what, when, from where.
struct AuditRoutes: Sendable {
    private static let list = "audit"

    let log: any AuditLog

    var routes: [Route] {
        [Route(.get, "/auth/audit", .role(.admin), all)]
    }

    private struct RecordAnswer: Encodable {
        var id: Int
        var at: Date
        @ExplicitNull var actor: Identifier?
        var action: String
        @ExplicitNull var target: Identifier?
        @ExplicitNull var ip: String?
        @ExplicitNull var requestID: String?
        var detail: [String: JSONValue]

        enum CodingKeys: String, CodingKey {
            case id, at, actor, action, target, ip, detail
            case requestID = "request_id"
        }
    }

    @Sendable private func all(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let filter = AuditFilter(
            actor: query.identifier("actor"), target: query.identifier("target"), action: query.choice("action"))
        let page = query.page(of: Self.list, by: Int.self)
        try query.finish()
        let records = try await log.records(filter, limit: page.limit, before: page.after)
        let total = page.countsExactly ? try await log.count(filter) : nil
        let found = try Page(records, for: page, list: Self.list, total: total, key: \.id)
        return try .json(
            found.map { record in
                RecordAnswer(
                    id: record.id, at: record.at, actor: record.actor, action: record.action, target: record.target,
                    ip: record.address, requestID: record.requestID, detail: record.detail)
            })
    }
}
