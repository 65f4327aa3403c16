import Metrics
import NIOCore

/// What operators see of the data path. All series are made at once, so that a request costs no look-up.
struct ProxyMetrics: Sendable {
    private struct Series: Sendable {
        /// By the status code's first digit; 0 for requests that were cut off before an answer began.
        var requests: [Counter]
        var duration: Timer
        var inWork: Meter
        var queued: Meter

        init(_ service: String) {
            requests = (0...5).map { digit in
                Counter(
                    label: "gateway_requests_total",
                    dimensions: [("service", service), ("status", digit == 0 ? "none" : "\(digit)xx")])
            }
            duration = Timer(label: "gateway_request_duration_seconds", dimensions: [("service", service)])
            inWork = Meter(label: "gateway_requests_in_work", dimensions: [("service", service)])
            queued = Meter(label: "gateway_requests_queued", dimensions: [("service", service)])
        }
    }

    private let byBackend = Backend.allCases.map { Series($0.name) }
    private let own = Series("gateway")
    private let refusals: [Counter] = Refusal.causes.map {
        Counter(label: "gateway_refusals_total", dimensions: [("cause", $0)])
    }
    private let retries = Counter(label: "gateway_retries_total")
    private let tokenHits = Counter(label: "gateway_token_cache_hits_total")
    private let tokenMisses = Counter(label: "gateway_token_cache_misses_total")
    private let connections = Meter(label: "gateway_connections")

    func count(_ backend: Backend?, status: UInt16, duration: TimeAmount) {
        let series = backend.map { byBackend[$0.rawValue] } ?? own
        series.requests[Int(min(status / 100, 5))].increment()
        series.duration.recordNanoseconds(duration.nanoseconds)
    }

    /// What one event loop has in work and in its queue has become another number.
    func change(_ backend: Backend, inWork: Int, queued: Int) {
        if inWork != 0 { byBackend[backend.rawValue].inWork.increment(by: Double(inWork)) }
        if queued != 0 { byBackend[backend.rawValue].queued.increment(by: Double(queued)) }
    }

    func count(_ refusal: Refusal) {
        refusals[refusal.cause].increment()
    }

    func countRetry() {
        retries.increment()
    }

    func count(tokenHits hits: Int, misses: Int) {
        if hits > 0 { tokenHits.increment(by: hits) }
        if misses > 0 { tokenMisses.increment(by: misses) }
    }

    func connectionOpened() {
        connections.increment()
    }

    func connectionClosed() {
        connections.decrement()
    }
}

extension Refusal {
    static let causes = [
        "malformed", "unknown_path", "wrong_method", "token_missing", "token_invalid", "token_unjudgeable",
        "body_too_large", "request_timeout", "service_full", "service_down", "bad_answer", "answer_timeout",
        "too_many_connections", "page_unavailable", "role_missing",
        "circuit_open", "rate_exceeded",
    ]

    /// Its place in `causes`.
    fileprivate var cause: Int {
        switch self {
        case .malformed: 0
        case .unknownPath: 1
        case .wrongMethod: 2
        case .tokenMissing: 3
        case .tokenInvalid: 4
        case .tokenUnjudgeable: 5
        case .bodyTooLarge: 6
        case .requestTimeout: 7
        case .serviceFull: 8
        case .serviceDown: 9
        case .badAnswer: 10
        case .answerTimeout: 11
        case .tooManyConnections: 12
        case .pageUnavailable: 13
        case .roleMissing: 14
        case .circuitOpen: 15
        case .rateExceeded: 16
        }
    }
}
