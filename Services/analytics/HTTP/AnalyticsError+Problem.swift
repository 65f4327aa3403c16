import ServiceKit

extension AnalyticsError: ProblemConvertible {
    var problem: HTTPProblem {
        switch self {
        case .knowledgeDeleted:
            .invalid("knowledge_id", "names a course that was deleted")
        case .seriesTooLong:
            .invalid("interval", "gives more than \(SeriesInterval.pointLimit) points; narrow from and to")
        }
    }
}
