import Hummingbird
import ServiceKit
import WireProtocol

/// What readers read: a text by its id, and a chapter's text in the reader's best language.
struct ReadingRoutes: Sendable {
    let library: any ContentLibrary

    var routes: [Route] {
        [
            Route(.get, "/content/{id}", .anyone, read),
            Route(.get, "/knowledge/{id}/chapters/{chapter_id}/content/{content_type}", .anyone, readLesson),
        ]
    }

    @Sendable private func read(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: Int = try context.parameter("id")
        var query = QueryReader(request)
        let rendering: Rendering? = query.choice("render")
        try query.finish()
        if request.isConditional {
            let head = try await library.head(id, seesDrafts: context.seesDrafts)
            if let response = Response.notModified(head, for: request, rendering) { return response }
        }
        let item = try await library.item(id, seesDrafts: context.seesDrafts)
        return try .item(item, rendering: rendering)
    }

    @Sendable private func readLesson(_ request: Request, _ context: APIContext) async throws -> Response {
        let (knowledgeID, chapterID): (Int32, String) = (try context.parameter("id"), try context.segment("chapter_id"))
        let contentType = try context.segment("content_type")
        var query = QueryReader(request)
        let languages = query.readerLanguages(of: request)
        let rendering: Rendering? = query.choice("render")
        try query.finish()
        let lesson = LessonRequest(
            knowledgeID: knowledgeID, chapterID: chapterID, contentType: contentType, languages: languages,
            seesDrafts: context.seesDrafts)
        let head = try await library.head(of: lesson)
        let headers: HTTPFields = [.vary: "Accept-Language", .contentLocation: "/content/\(head.id)"]
        if let response = Response.notModified(head, for: request, rendering, mayBeAnother: true, headers: headers) {
            return response
        }
        let item = try await library.item(head.id, seesDrafts: context.seesDrafts)
        return try .item(item, rendering: rendering, headers: headers)
    }
}
