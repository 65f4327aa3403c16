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
        return response(try Page(slice.items, for: page.cut(slice), list: "content", total: total, key: \.id))
    }

    private func search(
        _ words: String, _ filter: ContentFilter, _ query: consuming QueryReader
    ) async throws -> Response {
        let list = "content/\(words)"
        let page = query.page(of: list, by: ContentStore.Rank.self)
        try query.finish()
        let (slice, ranks) = try await store.search(words, filter, page)
        let total = page.countsExactly ? try await store.count(filter, matching: words) : nil
        return response(
            try Page(slice.items, for: page.cut(slice), list: list, total: total) { item in
                ContentStore.Rank(rank: ranks[item.id] ?? 0, id: item.id)
            })
    }

    private func response(_ page: Page<ContentItem>) -> Response {
        var writer = JSONWriter(capacity: page.items.reduce(256) { $0 + $1.fields.body.utf8.count + 1_024 })
        writer.page(page)
        return Response(writer, headers: [.cacheControl: CacheRule.authors.description])
    }
}

extension PageRequest {
    /// With the limit at which the bound on a page's bytes has cut it.
    fileprivate func cut(_ slice: ContentSlice) -> PageRequest {
        guard slice.isCut else { return self }
        return PageRequest(limit: max(slice.items.count - 1, 1), after: after, countsExactly: countsExactly)
    }
}
