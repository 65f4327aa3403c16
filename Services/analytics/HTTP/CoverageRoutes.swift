import Hummingbird
import ServiceKit
import WireProtocol

/// In which languages the courses can be read.
struct CoverageRoutes: Sendable {
    private static let list = "coverage"

    let reports: any CoverageReports

    var routes: [Route] {
        [Route(.get, "/analytics/coverage", .role(.teacher), coverage)]
    }

    @Sendable private func coverage(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let page = query.page(of: Self.list, by: Int.self)
        try query.finish()
        let courses = try await reports.coverage(after: page.after, limit: page.limit + 1)
        let totals = try await reports.totals()
        let items = try Page(
            courses.map(CourseCoverageBody.init), for: page, list: Self.list,
            total: page.countsExactly ? totals.knowledge : nil
        ) { $0.knowledgeID }
        return try .json(Merged(items, CoverageTotalsBody(totals: .init(totals))))
    }
}
