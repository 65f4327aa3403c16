import Hummingbird
import ServiceKit
import WireProtocol

/// `/content/{id}/versions`: what an item was after each of its changes.
struct VersionRoutes: Sendable {
    let content: ContentStore
    let versions: VersionStore

    var routes: [Route] {
        [
            Route(.get, "/content/{id}/versions", .role(.teacher), list),
            Route(.get, "/content/{id}/versions/{n}", .role(.teacher), read),
            Route(.get, "/content/{id}/versions/{n}/diff", .role(.teacher), diff),
            Route(.post, "/content/{id}/versions/{n}/restore", .role(.teacher), restore),
        ]
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: Int = try context.parameter("id")
        var query = QueryReader(request)
        let page = query.page(of: "versions", by: Int32.self)
        try query.finish()
        let items = try await versions.list(of: id, page)
        let total = page.countsExactly ? try await versions.count(of: id) : nil
        return try .json(
            Page(items, for: page, list: "versions", total: total) { Int32($0.version) },
            headers: [.cacheControl: CacheRule.authors.description])
    }

    @Sendable private func read(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: Int = try context.parameter("id")
        let version = try await versions.version(try context.parameter("n"), of: id)
        let etag = ETag(String(id), String(version.version), version.author.erasure)
        let headers: HTTPFields = [.eTag: etag.description, .cacheControl: CacheRule.authors.description]
        if request.alreadyHas(etag) { return Response(status: .notModified, headers: headers) }
        var writer = JSONWriter(capacity: version.fields.body.utf8.count + 1_024)
        writer.version(version, of: id)
        return Response(writer, headers: headers)
    }

    /// What has changed from another version, by default the one before.
    @Sendable private func diff(_ request: Request, _ context: APIContext) async throws -> Response {
        let (id, number): (Int, Int32) = (try context.parameter("id"), try context.parameter("n"))
        var query = QueryReader(request)
        let from = query.integer("from", in: 1...Int(Int32.max))
        try query.finish()
        let new = try await versions.version(number, of: id)
        let old = try await versions.version(from.map(Int32.init) ?? number - 1, of: id)
        var writer = JSONWriter(capacity: 4_096)
        writer.diff(VersionDiff(from: old, to: new))
        return Response(writer, headers: [.cacheControl: CacheRule.authors.description])
    }

    /// Texts and metadata as they were; place and status stay.
    @Sendable private func restore(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: Int = try context.parameter("id")
        let version = try await versions.version(try context.parameter("n"), of: id)
        let item = try await content.change(id, by: try context.requireCaller().userID) { old in
            try request.checkMatch(old.etag)
            var fields = version.fields
            fields.place = old.fields.place
            fields.status = old.fields.status
            fields.publishAt = old.fields.status == .draft ? old.fields.publishAt : nil
            return fields.sanitised()
        }
        return try .item(item)
    }
}
