import Hummingbird
import ServiceKit
import WireProtocol

/// How far the languages of a course, and of one of its chapters, have come.
struct CoverageRoutes: Sendable {
    let knowledge: KnowledgeStore
    let coverage: LanguageCoverageStore

    var routes: [Route] {
        [
            Route(.get, "/knowledge/{id}/languages", .anyone, ofKnowledge),
            Route(.get, "/knowledge/{id}/chapters/{chapter_id}/languages", .anyone, ofChapter),
        ]
    }

    @Sendable private func ofKnowledge(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: Int32 = try context.parameter("id")
        var query = QueryReader(request)
        let page = query.page(of: "languages", by: String.self)
        try query.finish()
        try await knowledge.requireItem(id)
        let items = try await coverage.list(of: id, seesDrafts: context.seesDrafts, page)
        let total =
            page.countsExactly ? try await coverage.count(of: id, seesDrafts: context.seesDrafts) : nil
        return try .json(
            Page(items, for: page, list: "languages", total: total, key: \.language.description),
            headers: [.cacheControl: CacheRule.authors.description])
    }

    @Sendable private func ofChapter(_ request: Request, _ context: APIContext) async throws -> Response {
        let (knowledgeID, chapterID): (Int32, String) = (try context.parameter("id"), try context.segment("chapter_id"))
        var query = QueryReader(request)
        let page = query.page(of: "chapter-languages", by: String.self)
        try query.finish()
        let all = try await coverage.languages(
            ofChapter: chapterID, of: knowledgeID, seesDrafts: context.seesDrafts)
        let items = all.drop { item in page.after.map { item.language.description <= $0 } ?? false }
        return try .json(
            Page(
                Array(items), for: page, list: "chapter-languages", total: page.countsExactly ? all.count : nil,
                key: \.language.description),
            headers: [.cacheControl: CacheRule.authors.description])
    }
}
