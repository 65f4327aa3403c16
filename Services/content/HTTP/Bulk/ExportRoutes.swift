import Hummingbird
import ServiceKit
import WireProtocol

/// `GET /content/export`: content items as NDJSON, of the shape that a bulk load takes.
struct ExportRoutes: Sendable {
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
        let export = try await ContentExport(of: filter, from: store)
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/x-ndjson", .cacheControl: CacheRule.authors.description,
                .contentDisposition: #"attachment; filename="content.ndjson""#,
            ],
            body: ResponseBody { writer in
                try await export.write(to: &writer)
                try await writer.finish(nil)
            })
    }
}
