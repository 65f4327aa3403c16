import Hummingbird
import NIOCore
import Postgres

extension HTTPProblem {
    /// The answer to any error that a handler threw. What is not known to be the caller's doing or a passing
    /// condition is a 500 that tells nothing.
    init(answering error: any Error) {
        self =
            switch error {
            case let problem as HTTPProblem: problem
            case let error as any ProblemConvertible: error.problem
            case let error as PostgresError: Self(answering: error)
            case is NIOTooManyBytesError: Self(.contentTooLarge, "The body is larger than this path takes.")
            case is CancellationError: .unavailable()
            case let error as HTTPError where error.status.kind == .clientError:
                Self(error.status, error.body ?? error.status.reasonPhrase)
            default: .internalError()
            }
    }

    private init(answering error: PostgresError) {
        self =
            switch error {
            case .connection, .timeout, .overloaded, .closed: .unavailable()
            case .invalidParameter(let message): Self(.unprocessableContent, "The input is not valid: \(message).")
            case .server(let error) where error.sqlState.isPassing: .unavailable()
            default: .internalError()
            }
    }
}

extension PostgresSQLState {
    /// A condition that may well be gone at the next try: a conflict between transactions (class 40), too few
    /// resources (53), an operator's doing (57), a lost connection (08).
    fileprivate var isPassing: Bool {
        ["08", "40", "53", "57"].contains { rawValue.hasPrefix($0) }
    }
}
