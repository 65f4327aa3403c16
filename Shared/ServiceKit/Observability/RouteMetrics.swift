import HTTPTypes
import Metrics

/// Count, duration and requests in flight of one route, looked up once so that a request costs no look-up.
struct RouteMetrics: Sendable {
    static let unrouted = RouteMetrics(method: "any", path: "unrouted")

    /// By the status code's first digit, from 1 to 5.
    private let counts: [Counter]
    private let duration: Timer
    private let inFlight: Meter

    init(_ route: Route) {
        self.init(method: route.method.rawValue, path: route.path)
    }

    private init(method: String, path: String) {
        let dimensions = [("method", method), ("route", path)]
        counts = (1...5).map { digit in
            Counter(label: "http_requests_total", dimensions: dimensions + [("status", "\(digit)xx")])
        }
        duration = Timer(label: "http_request_duration_seconds", dimensions: dimensions)
        inFlight = Meter(label: "http_requests_in_flight")
    }

    func begin() {
        inFlight.increment()
    }

    func end(status: HTTPResponse.Status, duration: Duration) {
        inFlight.decrement()
        counts[min(max(status.code / 100, 1), 5) - 1].increment()
        self.duration.recordNanoseconds(Int64(duration.milliseconds * 1_000_000))
    }
}
