/// What can go wrong between this client and a graph database. A cancelled task gets `CancellationError`.
enum BoltError: Error, Equatable {
    case server(BoltServerError)
    /// There is no connection, or it was lost before a commit was asked for: nothing took effect.
    case connection(String)
    /// There has been no connection for so long that it was not even tried.
    case unreachable
    /// The connection was lost while the commit was under way: whether it took effect is not known.
    case commitUnknown(String)
    /// The handshake failed; tells what the server said.
    case versions(String)
    /// The server broke the rules of the protocol.
    case violation(String)
    /// No connection came free in time.
    case exhausted
    /// The client has been shut down.
    case closed
    /// No server of the cluster takes this on.
    case routing(String)
    /// A record has no such column, or another type in it.
    case unexpected(String)

    /// Whether the whole transaction may be tried again, as the drivers' guide has it.
    var isRetryable: Bool {
        switch self {
        case .server(let error): error.isRetryable
        case .connection, .routing: true
        case .unreachable, .commitUnknown, .versions, .violation, .exhausted, .closed, .unexpected: false
        }
    }
}

extension BoltError: CustomStringConvertible {
    /// Safe to log: no values, no password.
    var description: String {
        switch self {
        case .server(let error): error.description
        case .connection(let reason): "no connection to the graph database: \(reason)"
        case .unreachable: "the graph database can't be reached; it is tried once a second"
        case .commitUnknown(let reason): "lost during a commit, which may have taken place: \(reason)"
        case .versions(let reason):
            "no common version of Bolt: this client speaks \(BoltVersion.oldest) to \(BoltVersion.newest), \(reason)"
        case .violation(let reason): "the graph database broke the protocol: \(reason)"
        case .exhausted: "no connection to the graph database came free in time"
        case .closed: "the graph database's client is shut down"
        case .routing(let reason): "no server of the graph database's cluster: \(reason)"
        case .unexpected(let reason): "the graph database answered with something else than asked for: \(reason)"
        }
    }
}
