/// What analytics refuses for reasons of its own.
enum AnalyticsError: Error, Sendable, Equatable {
    case knowledgeDeleted
    /// A series would have more points than ``SeriesInterval/pointLimit``.
    case seriesTooLong
}
