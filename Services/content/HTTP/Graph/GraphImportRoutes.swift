import Hummingbird
import ServiceKit

/// `/graph/import`.
struct GraphImportRoutes: Sendable {
    /// 64 MiB.
    static let bodyLimit = 64 << 20
    /// Each holds its body and all that is in it.
    static let importsAtOnce = 2

    let graph: any GraphStore

    var routes: [Route] {
        [
            Route(
                .post, "/graph/import", .role(.teacher), body: .buffered(limit: Self.bodyLimit),
                atOnce: Self.importsAtOnce, importGraph)
        ]
    }

    @Sendable private func importGraph(_ request: Request, _ context: APIContext) async throws -> Response {
        let entries = try await request.decode(GraphImportBody.self).entries()
        try await graph.put(entries)
        return try .json(
            GraphImportReceipt(concepts: entries.concepts.count, prerequisites: entries.prerequisites.count))
    }
}

/// How much an import held; all of it is in the graph now.
struct GraphImportReceipt: Encodable {
    var concepts: Int
    var prerequisites: Int
}
