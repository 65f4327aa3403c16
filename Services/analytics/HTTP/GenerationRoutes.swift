import Hummingbird
import ServiceKit
import WireProtocol

/// Records of how content was generated, and the report on them.
struct GenerationRoutes: Sendable {
    let log: any GenerationLog

    var routes: [Route] {
        [
            Route(.post, "/analytics/content", .role(.teacher), append),
            Route(.get, "/analytics/content/{knowledge_id}", .role(.teacher), report),
        ]
    }

    @Sendable private func append(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(GenerationRecordBody.self)
        let stored = try await log.append(try body.record())
        return try .json(StoredGenerationBody(stored), status: .created)
    }

    @Sendable private func report(_ request: Request, _ context: APIContext) async throws -> Response {
        let knowledgeID: KnowledgeID = try context.parameter("knowledge_id")
        var query = QueryReader(request)
        let range = query.timeRange()
        try query.finish()
        guard let report = try await log.report(on: knowledgeID.value, in: range) else { throw HTTPProblem.notFound() }
        return try .json(GenerationReportBody(report))
    }
}
