import Hummingbird
import ServiceKit
import WireProtocol

/// What is known of files: `/media` and `/media/{id}`.
struct MediaRoutes: Sendable {
    let library: MediaLibrary

    var routes: [Route] {
        [
            Route(.get, "/media", .anyone, list),
            Route(.get, "/media/{id}", .anyone, get),
            Route(.patch, "/media/{id}", .user, change),
            Route(.delete, "/media/{id}", .user, delete),
        ]
    }

    /// Teachers list all files, students their own; who has no token, the public ones.
    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let knowledgeID = query.integer("knowledge_id")
        let contentType = query.string("content_type", in: 1...200)
        let scope = scope(of: context.caller)
        let name = "media \(scope) \(knowledgeID ?? 0) \(contentType ?? "")"
        let page = query.page(of: name, by: MediaPosition.self)
        try query.finish()
        let filter = MediaFilter(scope: scope, knowledgeID: knowledgeID, contentType: contentType)
        let items = try await library.catalogue.items(filter, limit: page.limit, after: page.after)
        let total = page.countsExactly ? try await library.catalogue.count(filter) : nil
        let answer = try Page(items, for: page, list: name, total: total) {
            MediaPosition(createdAt: $0.createdAt, id: $0.id)
        }
        return try .json(answer.map(MediaRepresentation.init))
    }

    @Sendable private func get(_ request: Request, _ context: APIContext) async throws -> Response {
        let item = try await library.item(try context.parameter("id"), for: context.caller)
        return try .resource(MediaRepresentation(item), etag: item.etag, for: request)
    }

    @Sendable private func change(_ request: Request, _ context: APIContext) async throws -> Response {
        let item = try await library.ownItem(try context.parameter("id"), for: try context.requireCaller())
        let change: MediaChange = try await request.decode()
        try request.requireMatch(item.etag)
        let changed = try await library.catalogue.change(item, to: try change.applied(to: item.details))
        return try .json(MediaRepresentation(changed), headers: [.eTag: changed.etag.description])
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let item = try await library.ownItem(try context.parameter("id"), for: try context.requireCaller())
        let isConditional = request.headers[.ifMatch] != nil
        if isConditional { try request.requireMatch(item.etag) }
        try await library.catalogue.delete(item, onlyThisVersion: isConditional)
        return .noContent
    }

    private func scope(of caller: Caller?) -> MediaFilter.Scope {
        guard let caller else { return .visible(.public) }
        return caller.role >= .teacher ? .all : .owned(by: caller.userID)
    }
}
