import Hummingbird
import ServiceKit
import WireProtocol

/// `/knowledge`: courses and books.
struct KnowledgeRoutes: Sendable {
    let store: KnowledgeStore

    var routes: [Route] {
        [
            Route(.get, "/knowledge", .anyone, list),
            Route(.post, "/knowledge", .role(.teacher), add),
            Route(.get, "/knowledge/{id}", .anyone, read),
            Route(.patch, "/knowledge/{id}", .role(.teacher), change),
            Route(.delete, "/knowledge/{id}", .role(.teacher), remove),
        ]
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let filter = KnowledgeFilter(
            subject: query.string("subject", in: 1...200), words: query.string("q", in: 1...200))
        let page = query.page(of: "knowledge", by: Int32.self)
        try query.finish()
        let items = try await store.list(filter, page)
        let total = page.countsExactly ? try await store.count(filter) : nil
        return try .json(
            Page(items, for: page, list: "knowledge", total: total) { Int32($0.id) },
            headers: [.cacheControl: CacheRule.everybody.description])
    }

    @Sendable private func add(_ request: Request, _ context: APIContext) async throws -> Response {
        let fields = try await request.decode(NewKnowledge.self).fields()
        let knowledge = try await store.add(fields, by: try context.requireCaller().userID)
        return try .created(
            knowledge, at: "/knowledge/\(knowledge.id)", headers: [.eTag: knowledge.etag.description])
    }

    @Sendable private func read(_ request: Request, _ context: APIContext) async throws -> Response {
        let knowledge = try await store.item(try context.parameter("id"))
        return try .resource(
            knowledge, etag: knowledge.etag, for: request,
            headers: [.cacheControl: CacheRule.everybody.description])
    }

    @Sendable private func change(_ request: Request, _ context: APIContext) async throws -> Response {
        let change = try await request.decode(KnowledgeChange.self)
        let knowledge = try await store.change(try context.parameter("id")) { old in
            try request.requireMatch(old.etag)
            return try change.applied(to: old.fields)
        }
        return try .json(knowledge, headers: [.eTag: knowledge.etag.description])
    }

    @Sendable private func remove(_ request: Request, _ context: APIContext) async throws -> Response {
        try await store.remove(try context.parameter("id")) { try request.checkMatch($0.etag) }
        return .noContent
    }
}

extension Knowledge {
    var etag: ETag { ETag(String(version), createdBy.erasure) }
}
