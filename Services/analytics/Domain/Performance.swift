import FoundationEssentials

/// How the operations of one type in one service fared.
struct OperationFigures: Sendable, Equatable {
    var service: String
    var operationType: String
    var count: Int
    var failed: Int
    /// Milliseconds.
    var p50: Double
    var p95: Double
    var p99: Double

    var errorRate: Double { Double(failed) / Double(count) }
}

struct OperationSeriesPoint: Sendable, Equatable {
    var start: Date
    var figures: OperationFigures
}

struct PerformanceReport: Sendable, Equatable {
    var operations: [OperationFigures]
    var series: [OperationSeriesPoint]?
}

/// The steps of a series, from full hour or midnight, UTC.
enum SeriesInterval: String, Sendable, CaseIterable {
    case hour, day

    /// Points of one series at most.
    static let pointLimit = 10_000
}

struct PerformanceQuestion: Sendable, Hashable {
    var range: TimeRange = .always
    var service: String?
    var operationType: String?
    var interval: SeriesInterval?
}

/// Reports on how fast and how reliably the services work.
protocol PerformanceReports: Sendable {
    /// - Throws: ``AnalyticsError/seriesTooLong``.
    func performance(_ question: PerformanceQuestion) async throws -> PerformanceReport
}
