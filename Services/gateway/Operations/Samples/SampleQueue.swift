import Metrics
import NIOConcurrencyHelpers

/// Samples on their way from the event loops to analytics. Bounded: what does not fit is dropped and counted, since no
/// request may wait for its own measurement.
final class SampleQueue: Sendable {
    static let capacity = 10_000

    private let samples = NIOLockedValueBox<[PerformanceSample]>([])
    private let dropped = Counter(label: "gateway_samples_dropped_total")

    func append(_ sample: PerformanceSample) {
        let isFull = samples.withLockedValue { samples in
            guard samples.count < Self.capacity else { return true }
            samples.append(sample)
            return false
        }
        if isFull { dropped.increment() }
    }

    /// Takes the oldest ones out.
    func take(atMost count: Int) -> [PerformanceSample] {
        samples.withLockedValue { samples in
            defer { samples.removeFirst(min(count, samples.count)) }
            return Array(samples.prefix(count))
        }
    }

    func noteDropped(_ count: Int) {
        dropped.increment(by: count)
    }
}
