import Metrics
import ServiceKit

/// What a pool says of itself.
struct BoltMetrics: Sendable {
    private let taken: Meter
    private let idle: Meter
    private let waiting: Meter
    private let wait: Timer

    init(server: BoltAddress) {
        let server = ("server", server.description)
        taken = Meter(label: "graph_connections", dimensions: [server, ("state", "taken")])
        idle = Meter(label: "graph_connections", dimensions: [server, ("state", "idle")])
        waiting = Meter(label: "graph_connection_waiters", dimensions: [server])
        wait = Timer(label: "graph_connection_wait_seconds", dimensions: [server])
    }

    func record<Connection: Sendable>(_ state: BoltPoolState<Connection>) {
        taken.set(state.taken)
        idle.set(state.idleCount)
        waiting.set(state.waiting)
    }

    func waited(_ duration: Duration) {
        wait.recordNanoseconds(Int64(duration.milliseconds * 1_000_000))
    }

    /// One transaction starts anew.
    static func retried() {
        Counter(label: "graph_transaction_retries_total").increment()
    }
}
