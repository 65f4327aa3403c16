import Hummingbird
import ServiceKit

/// Which concepts a chapter teaches, and which chapters are near it by them.
struct ChapterConceptRoutes: Sendable {
    let graph: any GraphStore
    let titles: any ChapterTitles

    var routes: [Route] {
        [
            Route(.put, "/graph/chapters/{knowledge_id}/{chapter_id}/concepts/{slug}", .role(.teacher), add),
            Route(.delete, "/graph/chapters/{knowledge_id}/{chapter_id}/concepts/{slug}", .role(.teacher), remove),
            Route(.get, "/graph/chapters/{knowledge_id}/{chapter_id}/related", .anyone, related),
        ]
    }

    @Sendable private func add(_ request: Request, _ context: APIContext) async throws -> Response {
        let chapter = try chapter(context)
        try await graph.add(context.parameter("slug"), to: chapter)
        return .noContent
    }

    @Sendable private func remove(_ request: Request, _ context: APIContext) async throws -> Response {
        let chapter = try chapter(context)
        try await graph.remove(context.parameter("slug"), from: chapter)
        return .noContent
    }

    @Sendable private func related(_ request: Request, _ context: APIContext) async throws -> Response {
        let chapter = try chapter(context)
        var query = QueryReader(request)
        let limit = query.integer("limit", in: 1...100) ?? 20
        let languages = query.readerLanguages(of: request)
        try query.finish()
        guard try await titles.contains(chapter) else { throw GraphError.chapterNotFound(chapter) }
        let related = try await graph.neighbourhood(of: chapter).related(limit: limit)
        let titles = try await titles.titles(of: Set(related.map(\.chapter)), in: languages.preferred)
        let items = related.compactMap { entry in
            titles[entry.chapter].map { RelatedChapterItem(entry, $0) }
        }
        return try .json(Items(items: items), headers: [.vary: "Accept-Language"])
    }

    private func chapter(_ context: APIContext) throws -> ChapterReference {
        let id: Int32 = try context.parameter("knowledge_id")
        return ChapterReference(knowledgeID: Int(id), chapterID: try context.segment("chapter_id"))
    }
}
