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

    @Sendable private func all(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let filter = AuditFilter(
            actor: query.identifier("actor"), target: query.identifier("target"), action: query.choice("action"))
        let page = query.page(of: Self.list, by: Int.self)
        try query.finish()
        let records = try await log.records(filter, limit: page.limit, before: page.after)
        let total = page.countsExactly ? try await log.count(filter) : nil
        let found = try Page(records, for: page, list: Self.list, total: total, key: \.id)
        return try .json(found.map(RecordAnswer.init))
    }
}
