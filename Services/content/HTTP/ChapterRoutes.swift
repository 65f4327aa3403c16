import Hummingbird
import ServiceKit
import WireProtocol

/// `/knowledge/{id}/chapters`: the parts of a knowledge item.
struct ChapterRoutes: Sendable {
    let knowledge: KnowledgeStore
    let store: ChapterStore

    var routes: [Route] {
        [
            Route(.get, "/knowledge/{id}/chapters", .anyone, list),
            Route(.get, "/knowledge/{id}/chapters/{chapter_id}", .anyone, read),
            Route(.put, "/knowledge/{id}/chapters/{chapter_id}", .role(.teacher), put),
            Route(.delete, "/knowledge/{id}/chapters/{chapter_id}", .role(.teacher), remove),
        ]
    }

    private struct Body: Decodable {
        let title: String
        let position: Int?

        func validate(id: String) throws {
            var validation = Validation()
            validation.chapterID(id)
            validation.text(title, "title", in: 1...500)
            validation.check(
                (0...1_000_000_000).contains(position ?? 0), "position", "must be a number from 0 to 1000000000")
            try validation.finish()
        }
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: Int32 = try context.parameter("id")
        var query = QueryReader(request)
        let page = query.page(of: "chapters", by: ChapterStore.Place.self)
        try query.finish()
        let chapters = try await store.list(of: id, page)
        if chapters.isEmpty { try await knowledge.requireItem(id) }
        let total = page.countsExactly ? try await store.count(of: id) : nil
        return try .json(
            Page(chapters, for: page, list: "chapters", total: total) {
                .init(position: Int32($0.position), id: $0.id)
            },
            headers: [.cacheControl: CacheRule.everybody.description])
    }

    @Sendable private func read(_ request: Request, _ context: APIContext) async throws -> Response {
        let chapter = try await store.chapter(try context.segment("chapter_id"), of: try context.parameter("id"))
        return try .resource(
            chapter, etag: chapter.etag, for: request, headers: [.cacheControl: CacheRule.everybody.description])
    }

    @Sendable private func put(_ request: Request, _ context: APIContext) async throws -> Response {
        let (knowledgeID, id): (Int32, String) = (try context.parameter("id"), try context.parameter("chapter_id"))
        let body = try await request.decode(Body.self)
        try body.validate(id: id)
        let (chapter, isNew) = try await store.put(
            id, of: knowledgeID, title: body.title, position: body.position
        ) { old in
            guard let old else { return try request.checkMatchesNothing() }
            if request.headers[.ifNoneMatch] == "*" { throw ContentError.chapterExists }
            try request.requireMatch(old.etag)
        }
        let headers: HTTPFields = [.eTag: chapter.etag.description]
        guard isNew else { return try .json(chapter, headers: headers) }
        return try .created(chapter, at: request.uri.path, headers: headers)
    }

    @Sendable private func remove(_ request: Request, _ context: APIContext) async throws -> Response {
        try await store.remove(try context.segment("chapter_id"), of: try context.parameter("id")) {
            try request.checkMatch($0.etag)
        }
        return .noContent
    }
}

extension Chapter {
    var etag: ETag { ETag(version: version, madeAt: createdAt) }
}

extension Request {
    /// For a PUT that would make something: `If-Match` expects that it is there.
    ///
    /// - Throws: 412.
    fileprivate func checkMatchesNothing() throws {
        if headers[.ifMatch] != nil { throw HTTPProblem.preconditionFailed() }
    }
}
