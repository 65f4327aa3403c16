import Hummingbird
import ServiceKit
import WireProtocol

/// `/content`: texts of chapters, one per language and content type.
struct ContentRoutes: Sendable {
    let store: ContentStore

    var routes: [Route] {
        [
            Route(.post, "/content", .role(.teacher), add),
            Route(.put, "/content/{id}", .role(.teacher), replace),
            Route(.patch, "/content/{id}", .role(.teacher), change),
            Route(.post, "/content/{id}/generation", .role(.teacher), generation),
        ]
    }

    @Sendable private func add(_ request: Request, _ context: APIContext) async throws -> Response {
        let fields = try await request.decodeWithMetadata(NewContent.self).fields()
        let item = try await store.add(fields, by: try context.requireCaller().userID)
        return try .item(item, status: .created, headers: [.location: "/content/\(item.id)"])
    }

    @Sendable private func replace(_ request: Request, _ context: APIContext) async throws -> Response {
        let replacement = try await request.decodeWithMetadata(ContentReplacement.self)
        return try await changed(request, context) { try replacement.applied(to: $0) }
    }

    @Sendable private func change(_ request: Request, _ context: APIContext) async throws -> Response {
        let change = try await request.decodeWithMetadata(ContentChange.self)
        return try await changed(request, context) { try change.applied(to: $0) }
    }

    private func changed(
        _ request: Request, _ context: APIContext,
        _ change: @escaping @Sendable (ContentFields) throws -> ContentFields
    ) async throws -> Response {
        let author = try context.requireCaller().userID
        let item = try await store.change(try context.parameter("id"), by: author) { old in
            try request.requireMatch(old.etag)
            return try change(old.fields)
        }
        return try .item(item)
    }

    @Sendable private func generation(_ request: Request, _ context: APIContext) async throws -> Response {
        let report = try await request.decode(GenerationBody.self).report()
        let author = try context.requireCaller().userID
        let item = try await store.change(
            try context.parameter("id"), by: author, telling: { report.events(about: $0) },
            { old in
                try request.checkMatch(old.etag)
                try report.check(about: old.fields.status)
                var fields = old.fields
                fields.status = report.outcome.status
                fields.publishAt = nil
                return fields
            })
        return try .item(item)
    }
}
