import Hummingbird
import ServiceKit
import WireProtocol

/// `GET /content`: all items, or those that have words in them.
struct ContentListRoutes: Sendable {
    let store: ContentStore

    var routes: [Route] {
        [Route(.get, "/content", .anyone, list)]
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let filter = ContentFilter(
            knowledgeID: query.integer("knowledge_id"), chapterID: query.string("chapter_id", in: 1...50),
            language: query.language("language"), contentType: query.string("content_type", in: 1...50),
            status: query.choice("status"), seesDrafts: context.seesDrafts)
        guard let words = query.string("q", in: 1...200) else { return try await all(filter, query) }
        return try await search(words, filter, query)
    }

    private func all(_ filter: ContentFilter, _ query: consuming QueryReader) async throws -> Response {
        let page = query.page(of: "content", by: Int.self)
        try query.finish()
        let slice = try await store.list(filter, page)
        let total = page.countsExactly ? try await store.count(filter) : nil
        let items = try Page(
            slice.items, for: page.cut(slice.isCut, slice.items.count), list: "content", total: total, key: \.id)
        var writer = JSONWriter(capacity: items.items.reduce(256) { $0 + $1.fields.body.utf8.count + 1_024 })
        writer.page(items) { $0.item($1) }
        return response(writer)
    }

    private func search(
        _ words: String, _ filter: ContentFilter, _ query: consuming QueryReader
    ) async throws -> Response {
        let list = "content/\(words)"
        let page = query.page(of: list, by: SearchHit.Key.self)
        try query.finish()
        let slice = try await store.search(words, filter, page)
        let match = page.after?.match ?? slice.hits.first?.key.match ?? .words
        let total = page.countsExactly ? try await store.count(filter, matching: words, as: match) : nil
        let hits = try Page(
            slice.hits, for: page.cut(slice.isCut, slice.hits.count), list: list, total: total, key: \.key)
        var writer = JSONWriter(capacity: hits.items.reduce(256) { $0 + $1.item.fields.body.utf8.count + 2_048 })
        writer.page(hits) { $0.hit($1) }
        return response(writer)
    }

    private func response(_ writer: JSONWriter) -> Response {
        Response(writer, headers: [.cacheControl: CacheRule.authors.description])
    }
}

extension PageRequest {
    /// With the limit at which the bound on a page's bytes has cut it.
    fileprivate func cut(_ isCut: Bool, _ count: Int) -> PageRequest {
        guard isCut else { return self }
        return PageRequest(limit: max(count - 1, 1), after: after, countsExactly: countsExactly)
    }
}
