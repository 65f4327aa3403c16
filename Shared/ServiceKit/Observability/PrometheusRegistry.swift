import CoreMetrics
import NIOConcurrencyHelpers

/// A swift-metrics backend that can be read as Prometheus text (exposition format 0.0.4).
///
/// Counters become counters, meters and plain recorders gauges, timers and aggregating recorders histograms in
/// seconds. Series are never forgotten, so dimensions must come from small fixed sets, such as routes.
public final class PrometheusRegistry: MetricsFactory, Sendable {
    public static let shared = PrometheusRegistry()

    private let families = NIOLockedValueBox<[String: MetricFamily]>([:])

    public init() {}

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) { MetricValue() }
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { MetricValue() }
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate
            ? series(label, dimensions, .histogram) { MetricHistogram() }
            : series(label, dimensions, .gauge) { MetricValue() }
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram) { MetricHistogram() }
    }

    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// All series, by name.
    public func text() -> String {
        ProcessMetrics.record(in: self)
        let families = families.withLockedValue { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, metric) in family.series.sorted(by: { $0.key < $1.key }) {
                metric.write(name, labels, to: &text)
            }
        }
        return text
    }

    private func series<Metric: PrometheusMetric>(
        _ label: String, _ dimensions: [(String, String)], _ kind: MetricFamily.Kind, _ make: () -> Metric
    ) -> Metric {
        let name = PrometheusText.name(label)
        let labels = PrometheusText.labels(dimensions)
        return families.withLockedValue { families in
            if let known = families[name]?.series[labels] as? Metric { return known }
            let metric = make()
            families[name, default: MetricFamily(kind: kind)].series[labels] = metric
            return metric
        }
    }
}

/// All series of one name.
struct MetricFamily: Sendable {
    enum Kind: String {
        case counter, gauge, histogram
    }

    let kind: Kind
    var series: [String: any PrometheusMetric] = [:]
}

protocol PrometheusMetric: Sendable {
    /// - Parameter labels: without braces, `method="GET",route="/health"`, or empty.
    func write(_ name: String, _ labels: String, to text: inout String)
}
