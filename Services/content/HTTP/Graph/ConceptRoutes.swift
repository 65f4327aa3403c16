import Hummingbird
import ServiceKit
import WireProtocol

/// `/graph/concepts` and `/graph/concepts/{slug}`.
struct ConceptRoutes: Sendable {
    let graph: any GraphStore

    var routes: [Route] {
        [
            Route(.get, "/graph/concepts", .anyone, list),
            Route(.get, "/graph/concepts/{slug}", .anyone, show),
            Route(.put, "/graph/concepts/{slug}", .role(.teacher), put),
            Route(.delete, "/graph/concepts/{slug}", .role(.teacher), delete),
        ]
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let page = query.page(of: "concepts", by: ConceptSlug.self)
        try query.finish()
        let concepts = try await graph.concepts(after: page.after, limit: page.limit + 1)
        let total = page.countsExactly ? try await graph.conceptCount() : nil
        return try .json(
            Page(concepts.map(ConceptResource.init), for: page, list: "concepts", total: total, key: \.slug))
    }

    @Sendable private func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let concept = try await concept(context)
        return try .resource(ConceptResource(concept), etag: concept.etag, for: request)
    }

    /// Makes the concept, or replaces it when `If-Match` names what it is now; with `If-None-Match: *` makes only.
    @Sendable private func put(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let slug = context.parameters.get("slug").flatMap(ConceptSlug.init) else {
            throw HTTPProblem.invalid("slug", ConceptSlug.rule)
        }
        let body = try await request.decode(ConceptBody.self)
        var validation = Validation()
        validation.check(body.slug == nil || body.slug == slug, "slug", "must be that of the path, or left out")
        let text = body.text(&validation)
        try validation.finish()
        guard let current = try await graph.concept(slug) else {
            if request.headers[.ifMatch] != nil { throw HTTPProblem.preconditionFailed() }
            let made = try await graph.create(slug, text)
            return try .created(
                ConceptResource(made), at: "/graph/concepts/\(slug)", headers: [.eTag: made.etag.description])
        }
        if request.alreadyHas(current.etag) { throw HTTPProblem.preconditionFailed() }
        try request.requireMatch(current.etag)
        let changed = try await graph.replace(current, with: text)
        return try .json(ConceptResource(changed), headers: [.eTag: changed.etag.description])
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let concept = try await concept(context)
        if request.headers[.ifMatch] != nil { try request.requireMatch(concept.etag) }
        try await graph.delete(concept)
        return .noContent
    }

    private func concept(_ context: APIContext) async throws -> Concept {
        let slug: ConceptSlug = try context.parameter("slug")
        guard let concept = try await graph.concept(slug) else { throw GraphError.conceptNotFound(slug) }
        return concept
    }
}
