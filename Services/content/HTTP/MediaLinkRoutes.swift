import Hummingbird
import ServiceKit
import WireProtocol

/// `GET /content/dangling-media`: links to files that are gone.
struct MediaLinkRoutes: Sendable {
    let links: MediaLinkStore

    var routes: [Route] {
        [Route(.get, "/content/dangling-media", .role(.teacher), list)]
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let knowledgeID = query.integer("knowledge_id")
        let page = query.page(of: "dangling-media", by: DanglingMedia.Key.self)
        try query.finish()
        let items = try await links.dangling(in: knowledgeID, page)
        let total = page.countsExactly ? try await links.danglingCount(in: knowledgeID) : nil
        return try .json(
            Page(items, for: page, list: "dangling-media", total: total, key: \.key),
            headers: [.cacheControl: CacheRule.authors.description])
    }
}
