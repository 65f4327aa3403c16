import Hummingbird
import ServiceKit
import WireProtocol

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
        let page = query.page(of: "related", by: RelatedChapter.Key.self)
        let languages = query.readerLanguages(of: request)
        try query.finish()
        guard try await titles.contains(chapter) else { throw GraphError.chapterNotFound(chapter) }
        let related = try await graph.neighbourhood(of: chapter).related()
        let rest = related.drop { entry in page.after.map { entry.key <= $0 } ?? false }
        let items = try await titled(rest, page.limit + 1, languages)
        let total = page.countsExactly ? try await titled(related[...], .max, languages).count : nil
        return try .json(
            Page(items, for: page, list: "related", total: total, key: \.key), headers: [.vary: "Accept-Language"])
    }

    /// Of the chapters that are still there the first `limit`: the graph may know of some that are gone.
    private func titled(
        _ related: ArraySlice<RelatedChapter>, _ limit: Int, _ languages: ReaderLanguages
    ) async throws -> [RelatedChapterItem] {
        var items: [RelatedChapterItem] = []
        var rest = related
        while items.count < limit, !rest.isEmpty {
            let batch = rest.prefix(limit)
            rest = rest.dropFirst(batch.count)
            let titles = try await titles.titles(of: Set(batch.map(\.chapter)), in: languages)
            items += batch.compactMap { entry in titles[entry.chapter].map { RelatedChapterItem(entry, $0) } }
        }
        return items
    }

    private func chapter(_ context: APIContext) throws -> ChapterReference {
        let id: Int32 = try context.parameter("knowledge_id")
        return ChapterReference(knowledgeID: Int(id), chapterID: try context.segment("chapter_id"))
    }
}
