import Metrics
import NIOCore

/// How many endpoints of each service are in which state, for operators. Every endpoint is in one state alone.
struct EndpointMetrics: Sendable {
    private enum State: String, CaseIterable {
        /// Its checks have not ended yet; it is used.
        case unknown
        case up
        /// Its checks are good, and so many of its answers are not that it is left out for a while.
        case ejected
        case down
    }

    private let meters: [[Meter]] = Backend.allCases.map { backend in
        State.allCases.map { state in
            Meter(label: "gateway_endpoints", dimensions: [("service", backend.name), ("state", state.rawValue)])
        }
    }

    /// - Parameter ejected: as each event loop sees it; one is enough.
    func record(_ endpoints: [EndpointState], ejected: [Set<SocketAddress>], of backend: Backend) {
        var counts: [State: Int] = [:]
        for endpoint in endpoints {
            let isEjected = ejected.contains { $0.contains(endpoint.address) }
            let state: State =
                switch endpoint.health {
                case .down: .down
                case .unknown: isEjected ? .ejected : .unknown
                case .up: isEjected ? .ejected : .up
                }
            counts[state, default: 0] += 1
        }
        for (meter, state) in zip(meters[backend.rawValue], State.allCases) { meter.set(counts[state] ?? 0) }
    }
}
