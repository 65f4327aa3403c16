import ServiceKit

/// What goes wrong between content and the graph's store is not the caller's doing.
extension BoltError: ProblemConvertible {
    var problem: HTTPProblem {
        switch self {
        case .connection, .unreachable, .commitUnknown, .exhausted, .closed, .routing: .unavailable()
        case .server(let error) where error.isRetryable: .unavailable()
        case .server, .versions, .violation, .unexpected: .internalError()
        }
    }
}
