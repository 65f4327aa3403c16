import Hummingbird
import ServiceKit

/// How fast and how reliably the services work.
struct PerformanceRoutes: Sendable {
    let reports: any PerformanceReports

    var routes: [Route] {
        [Route(.get, "/analytics/performance", .role(.teacher), performance)]
    }

    @Sendable private func performance(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let question = PerformanceQuestion(
            range: query.timeRange(), service: query.string("service", in: 1...50),
            operationType: query.string("operation_type", in: 1...50), interval: query.choice("interval"))
        try query.finish()
        return try .json(PerformanceReportBody(try await reports.performance(question)))
    }
}
