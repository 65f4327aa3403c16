import CoreMetrics
import NIOConcurrencyHelpers

/// How values spread over buckets; durations are in seconds.
final class MetricHistogram: TimerHandler, RecorderHandler, PrometheusMetric {
    static let bounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    private struct State {
        var counts = [Int](repeating: 0, count: bounds.count + 1)
        var sum = 0.0
    }

    private let state = NIOLockedValueBox(State())

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
        state.withLockedValue {
            $0.counts[bucket] += 1
            $0.sum += value
        }
    }

    func write(_ name: String, _ labels: String, to text: inout String) {
        let state = state.withLockedValue { $0 }
        let prefix = labels.isEmpty ? "" : labels + ","
        var count = 0
        for (bucket, bound) in (Self.bounds.map { String($0) } + ["+Inf"]).enumerated() {
            count += state.counts[bucket]
            text += PrometheusText.sample(name + "_bucket", "\(prefix)le=\"\(bound)\"", Double(count))
        }
        text += PrometheusText.sample(name + "_sum", labels, state.sum)
        text += PrometheusText.sample(name + "_count", labels, Double(count))
    }
}
