import CoreMetrics
import NIOConcurrencyHelpers

/// One number: a counter's or a gauge's.
final class MetricValue: CounterHandler, MeterHandler, RecorderHandler, PrometheusMetric {
    private let value = NIOLockedValueBox(0.0)

    func increment(by amount: Int64) { add(Double(amount)) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }
    func reset() { set(0.0) }
    func set(_ new: Int64) { set(Double(new)) }
    func set(_ new: Double) { value.withLockedValue { $0 = new } }
    func record(_ new: Int64) { set(Double(new)) }
    func record(_ new: Double) { set(new) }

    func write(_ name: String, _ labels: String, to text: inout String) {
        text += PrometheusText.sample(name, labels, value.withLockedValue { $0 })
    }

    private func add(_ amount: Double) {
        value.withLockedValue { $0 += amount }
    }
}
