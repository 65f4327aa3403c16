/// What can go wrong with a statement, as far as a caller can act on it. Decoding has an error of its own,
/// `PostgresDecodingError`; a cancelled task gets `CancellationError`.
public enum PostgresError: Error, Sendable, Equatable {
    /// The server refused the statement; nothing of it took effect.
    case server(PostgresServerError)
    /// No connection, or it was lost: the statement may or may not have run.
    case connection(String)
    /// The deadline passed, in the queue or at the server: the statement may or may not have run.
    case timeout
    /// More statements wait than `PostgresOptions.maximumQueued`; this one was not sent.
    case overloaded
    /// The client has been shut down; the statement was not sent.
    case closed
    /// Text with U+0000, or more than 65,535 parameters; the statement was not sent.
    case invalidParameter(String)
}

extension PostgresError {
    /// The name of the constraint that was violated (SQLSTATE class 23), to map it to an error of the domain.
    public var constraintViolated: String? {
        guard case .server(let error) = self, error.sqlState.isIntegrityViolation else { return nil }
        return error.constraint
    }

    /// The server's code, when it was the server that refused.
    public var sqlState: PostgresSQLState? {
        guard case .server(let error) = self else { return nil }
        return error.sqlState
    }
}

extension PostgresError: CustomStringConvertible {
    /// Safe to log: no values, no address.
    public var description: String {
        switch self {
        case .server(let error): error.description
        case .connection(let reason): "no connection to PostgreSQL: \(reason)"
        case .timeout: "PostgreSQL did not answer in time"
        case .overloaded: "too many statements wait for PostgreSQL"
        case .closed: "the PostgreSQL client is shut down"
        case .invalidParameter(let reason): "invalid parameter: \(reason)"
        }
    }
}
