/// The tables that can be had whole.
enum ExportTable: String, Sendable, CaseIterable {
    case learningEvents = "learning_events"
    case contentAnalytics = "content_analytics"
    case engagementMetrics = "engagement_metrics"
    case performanceStats = "performance_stats"
    case knowledge
    case chapters
}

enum ExportFormat: String, Sendable, CaseIterable {
    /// RFC 4180, with a header line.
    case csv
    /// One JSON object a line.
    case ndjson
}

/// Whole tables, as they are at one moment.
protocol Exports: Sendable {
    /// Throws when the table can't be read just now, so that the answer can still say so.
    func prepare(_ table: ExportTable) async throws

    /// Hands over the table in chunks of whole lines, read as fast as `write` takes them.
    func export(
        _ table: ExportTable, as format: ExportFormat, to write: (_ chunk: [UInt8]) async throws -> Void) async throws
}
