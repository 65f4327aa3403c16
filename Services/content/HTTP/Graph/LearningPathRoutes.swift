import Hummingbird
import ServiceKit
import WireProtocol

/// In which order to learn, and how two concepts hang together.
struct LearningPathRoutes: Sendable {
    /// Characters that `?known=` may have: hundreds of concepts, and yet a URL that all parsers take.
    static let maximumKnownLength = 8_000
    /// In `?known=` no concept, but what the chapters teach that the caller has completed.
    private static let me = ConceptSlug("me")!

    let graph: any GraphStore
    let titles: any ChapterTitles
    let progress: any LearnerProgress

    var routes: [Route] {
        [
            Route(.get, "/graph/concepts/{slug}/learning-path", .anyone, learningPath),
            Route(.get, "/graph/path", .anyone, path),
        ]
    }

    @Sendable private func learningPath(_ request: Request, _ context: APIContext) async throws -> Response {
        let slug: ConceptSlug = try context.parameter("slug")
        var query = QueryReader(request)
        var known = query.slugs("known", length: Self.maximumKnownLength)
        let languages = query.readerLanguages(of: request)
        try query.finish()
        let asksForOwn = known.remove(Self.me) != nil
        let completed = asksForOwn ? try await completedChapters(request, context) : []
        let prerequisites = try await graph.graph(from: slug, along: .prerequisites, depth: nil)
        var steps = LearningPath(through: prerequisites, known: known).steps
        let chapters = try await graph.chapters(teaching: steps.map(\.slug))
        if asksForOwn {
            for step in steps where !completed.isDisjoint(with: chapters[step.slug, default: []]) {
                known.insert(step.slug)
            }
            steps = LearningPath(through: prerequisites, known: known).steps
        }
        let taught = Set(steps.flatMap { chapters[$0.slug, default: []] })
        let titles = try await titles.titles(of: taught, in: languages)
        let items = steps.map { step in
            let found = chapters[step.slug, default: []].compactMap { chapter in
                titles[chapter].map { TitledChapter(reference: chapter, title: $0) }
            }
            return LearningPathItem(step: step, chapters: found)
        }
        var writer = JSONWriter(capacity: 256 * (items.count + 1))
        writer.learningPath(items)
        var headers: HTTPFields = [.vary: "Accept-Language"]
        if asksForOwn { headers[.cacheControl] = CacheRule.authors.description }
        return Response(writer, headers: headers)
    }

    /// - Throws: 401 for whoever is not logged in; ``LearnerProgressError``.
    private func completedChapters(_ request: Request, _ context: APIContext) async throws -> Set<ChapterReference> {
        _ = try context.requireCaller()
        guard let authorization = request.headers[.authorization] else { throw HTTPProblem.unauthorized() }
        return try await progress.completedChapters(authorization: authorization)
    }

    /// A shortest way along prerequisites: each concept of it directly needs the next.
    @Sendable private func path(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let from = query.slug("from")
        let to = query.slug("to")
        try query.finish()
        guard let from, let to else { throw HTTPProblem.notFound() }
        let prerequisites = try await graph.graph(from: from, along: .prerequisites, depth: nil)
        guard let path = prerequisites.shortestPath(to: to) else {
            throw HTTPProblem.notFound("\(from) does not need \(to), directly or indirectly.")
        }
        return try .json(Items(items: path))
    }
}

extension QueryReader {
    /// A slug that must be given.
    fileprivate mutating func slug(_ name: String) -> ConceptSlug? {
        let slug = string(name).flatMap(ConceptSlug.init)
        if slug == nil { note(name, ConceptSlug.rule) }
        return slug
    }

    /// Slugs separated by commas; none when not given.
    fileprivate mutating func slugs(_ name: String, length: Int) -> Set<ConceptSlug> {
        let texts = (string(name, in: 0...length) ?? "").split(separator: ",")
        let slugs = texts.compactMap { ConceptSlug(String($0)) }
        if slugs.count < texts.count { note(name, "must be slugs, separated by commas") }
        return Set(slugs)
    }
}
