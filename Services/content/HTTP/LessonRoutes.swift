import Hummingbird
import ServiceKit
import WireProtocol

/// `GET /knowledge/{id}/chapters/{chapter_id}/content/{content_type}`: a chapter's text in the reader's best language.
struct LessonRoutes: Sendable {
    let store: ContentStore

    var routes: [Route] {
        [Route(.get, "/knowledge/{id}/chapters/{chapter_id}/content/{content_type}", .anyone, read)]
    }

    @Sendable private func read(_ request: Request, _ context: APIContext) async throws -> Response {
        let knowledgeID: Int32 = try context.parameter("id")
        let contentType = try context.segment("content_type")
        var query = QueryReader(request)
        let languages = query.readerLanguages(of: request)
        try query.finish()
        let item = try await store.best(
            of: knowledgeID, chapter: try context.segment("chapter_id"), contentType: contentType, languages: languages,
            seesDrafts: context.seesDrafts)
        return .item(
            item, for: request,
            headers: [.vary: "Accept-Language", .contentLocation: "/content/\(item.id)"])
    }
}
