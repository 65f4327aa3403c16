import Hummingbird
import ServiceKit
import WireProtocol

/// `/content/trash`: what was deleted, until it is restored or purged.
struct TrashRoutes: Sendable {
    let trash: TrashStore

    var routes: [Route] {
        [
            Route(.delete, "/content/{id}", .role(.teacher), delete),
            Route(.get, "/content/trash", .role(.teacher), list),
            Route(.post, "/content/trash/{id}/restore", .role(.teacher), restore),
            Route(.delete, "/content/trash/{id}", .role(.admin), purge),
        ]
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        try await trash.delete(try context.parameter("id"), by: try context.requireCaller().userID) {
            try request.checkMatch($0.etag)
        }
        return .noContent
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let knowledgeID = query.integer("knowledge_id")
        let page = query.page(of: "trash", by: Int.self)
        try query.finish()
        let items = try await trash.list(of: knowledgeID, page)
        let total = page.countsExactly ? try await trash.count(of: knowledgeID) : nil
        return try .json(
            Page(items, for: page, list: "trash", total: total, key: \.id),
            headers: [.cacheControl: CacheRule.authors.description])
    }

    @Sendable private func restore(_ request: Request, _ context: APIContext) async throws -> Response {
        try .item(try await trash.restore(try context.parameter("id")) { try request.checkMatch($0.etag) })
    }

    @Sendable private func purge(_ request: Request, _ context: APIContext) async throws -> Response {
        try await trash.purge(try context.parameter("id")) { try request.checkMatch($0.etag) }
        return .noContent
    }
}
