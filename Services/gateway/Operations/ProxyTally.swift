import NIOCore

/// What one event loop has counted; plain numbers, so that counting costs a request nothing.
struct ProxyTally: Sendable {
    /// By service, `nil` for the gateway's own, and by the status code's first digit; 0 for requests that were cut off.
    private(set) var requests: [[Int]]
    private(set) var refusals: [UInt16: Int] = [:]
    /// Requests by service and by the bound of `bounds` that their duration stays within.
    private(set) var durations: [[Int]]
    private(set) var durationSums: [Double]

    /// Seconds.
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    init() {
        let groups = Backend.allCases.count + 1
        requests = Array(repeating: Array(repeating: 0, count: 6), count: groups)
        durations = Array(repeating: Array(repeating: 0, count: Self.bounds.count + 1), count: groups)
        durationSums = Array(repeating: 0, count: groups)
    }

    mutating func count(service: Backend?, status: UInt16, duration: TimeAmount) {
        let group = service?.rawValue ?? Backend.allCases.count
        requests[group][Int(min(status / 100, 5))] += 1
        let seconds = Double(duration.nanoseconds) / 1e9
        durationSums[group] += seconds
        durations[group][Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
    }

    mutating func count(_ refusal: Refusal) {
        refusals[refusal.status, default: 0] += 1
    }
}
