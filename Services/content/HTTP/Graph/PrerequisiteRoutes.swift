import Hummingbird
import ServiceKit

/// What a concept needs directly, and all that it needs or that needs it.
struct PrerequisiteRoutes: Sendable {
    static let depths = 1...50

    let graph: any GraphStore

    var routes: [Route] {
        [
            Route(.put, "/graph/concepts/{slug}/prerequisites/{other}", .role(.teacher), add),
            Route(.delete, "/graph/concepts/{slug}/prerequisites/{other}", .role(.teacher), remove),
            Route(.get, "/graph/concepts/{slug}/prerequisites", .anyone) { request, context in
                try await reached(.prerequisites, request, context)
            },
            Route(.get, "/graph/concepts/{slug}/dependents", .anyone) { request, context in
                try await reached(.dependents, request, context)
            },
        ]
    }

    @Sendable private func add(_ request: Request, _ context: APIContext) async throws -> Response {
        try await graph.add(prerequisite(context))
        return .noContent
    }

    @Sendable private func remove(_ request: Request, _ context: APIContext) async throws -> Response {
        try await graph.remove(prerequisite(context))
        return .noContent
    }

    private func reached(
        _ direction: ConceptGraph.Direction, _ request: Request, _ context: APIContext
    ) async throws -> Response {
        let slug: ConceptSlug = try context.parameter("slug")
        var query = QueryReader(request)
        let depth = query.integer("depth", in: Self.depths)
        try query.finish()
        let found = try await graph.graph(from: slug, along: direction, depth: depth)
        return try .json(Items(items: found.reached(within: depth)))
    }

    private func prerequisite(_ context: APIContext) throws -> Prerequisite {
        Prerequisite(concept: try context.parameter("slug"), needs: try context.parameter("other"))
    }
}

extension ReachedConcept: Encodable {
    enum CodingKeys: String, CodingKey { case slug, title, distance }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(slug, forKey: .slug)
        try container.encode(title, forKey: .title)
        try container.encode(distance, forKey: .distance)
    }
}

/// An answer that is computed whole, so that there are no pages: `{"items": [...]}`.
struct Items<Item: Encodable>: Encodable {
    var items: [Item]
}
