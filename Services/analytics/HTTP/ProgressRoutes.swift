import Hummingbird
import ServiceKit
import WireProtocol

/// The caller's own progress.
struct ProgressRoutes: Sendable {
    private static let list = "progress"

    let book: any ProgressBook

    var routes: [Route] {
        [Route(.get, "/analytics/me", .user, progress)]
    }

    @Sendable private func progress(_ request: Request, _ context: APIContext) async throws -> Response {
        let learner = try context.requireCaller().userID.rawValue
        var query = QueryReader(request)
        let page = query.page(of: Self.list, by: Int.self)
        try query.finish()
        let courses = try await book.progress(of: learner, after: page.after, limit: page.limit + 1)
        let total = try await page.countsExactly ? book.courseCount(of: learner) : nil
        return try .json(
            try Page(courses.map(CourseProgressBody.init), for: page, list: Self.list, total: total) { $0.knowledgeID })
    }
}
