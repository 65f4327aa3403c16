import Hummingbird
import ServiceKit
import WireProtocol

/// `GET /content/export`: content items as NDJSON, of the shape that a bulk load takes.
struct ExportRoutes: Sendable {
    /// Items that are read together.
    private static let pageLimit = 500

    let store: ContentStore

    var routes: [Route] {
        [Route(.get, "/content/export", .role(.teacher), produces: ["application/x-ndjson"], export)]
    }

    @Sendable private func export(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let filter = ContentFilter(
            knowledgeID: query.integer("knowledge_id"), chapterID: query.string("chapter_id", in: 1...50),
            language: query.language("language"), contentType: query.string("content_type", in: 1...50),
            status: query.choice("status"), seesDrafts: true)
        try query.finish()
        let store = store
        // The first page is read before the answer begins, so that a database that is away gets its 503.
        let first = try await store.list(filter, PageRequest(limit: Self.pageLimit))
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/x-ndjson", .cacheControl: CacheRule.authors.description,
                .contentDisposition: #"attachment; filename="content.ndjson""#,
            ],
            body: ResponseBody { writer in
                var slice = first
                while true {
                    let page = slice.page(limit: Self.pageLimit)
                    var lines = JSONWriter(capacity: page.items.reduce(0) { $0 + $1.fields.body.utf8.count + 512 })
                    for item in page.items { lines.line(item.fields) }
                    try await writer.write(lines.buffer)
                    guard page.hasMore, let last = page.items.last else { break }
                    slice = try await store.list(filter, PageRequest(limit: Self.pageLimit, after: last.id))
                }
                try await writer.finish(nil)
            })
    }
}
