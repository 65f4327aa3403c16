import Hummingbird
import ServiceKit

/// What learners do with a course, chapter by chapter.
struct EngagementRoutes: Sendable {
    private enum Interval: String, CaseIterable { case day }

    let reports: any EngagementReports

    var routes: [Route] {
        [
            Route(.get, "/analytics/engagement/{knowledge_id}", .role(.teacher), engagement),
            Route(.get, "/analytics/effectiveness/{knowledge_id}", .role(.teacher), effectiveness),
        ]
    }

    @Sendable private func engagement(_ request: Request, _ context: APIContext) async throws -> Response {
        let knowledgeID: KnowledgeID = try context.parameter("knowledge_id")
        var query = QueryReader(request)
        let range = query.timeRange()
        let interval: Interval? = query.choice("interval")
        try query.finish()
        let report = try await reports.engagement(of: knowledgeID.value, in: range, byDay: interval == .day)
        guard let report else { throw HTTPProblem.notFound() }
        return try .json(EngagementReportBody(report))
    }

    @Sendable private func effectiveness(_ request: Request, _ context: APIContext) async throws -> Response {
        let knowledgeID: KnowledgeID = try context.parameter("knowledge_id")
        guard let report = try await reports.effectiveness(of: knowledgeID.value) else { throw HTTPProblem.notFound() }
        return try .json(EffectivenessReportBody(report))
    }
}
