import FoundationEssentials

/// The answer of `GET /analytics/performance`.
struct PerformanceReportBody: Encodable {
    var items: [Operation]
    var series: [Merged<Point, Operation>]?

    init(_ report: PerformanceReport) {
        items = report.operations.map(Operation.init)
        series = report.series?.map { Merged(Point(start: $0.start), Operation($0.figures)) }
    }

    /// Durations in milliseconds.
    struct Operation: Encodable {
        var service: String
        var operationType: String
        var count: Int
        var errorRate: Double
        var p50: Double
        var p95: Double
        var p99: Double

        init(_ figures: OperationFigures) {
            service = figures.service
            operationType = figures.operationType
            count = figures.count
            errorRate = figures.errorRate
            p50 = figures.p50
            p95 = figures.p95
            p99 = figures.p99
        }

        enum CodingKeys: String, CodingKey {
            case service, count, p50, p95, p99
            case operationType = "operation_type"
            case errorRate = "error_rate"
        }
    }

    struct Point: Encodable {
        var start: Date
    }
}
