/// Where the database is and how much of it a client may use.
public struct PostgresOptions: Sendable {
    /// `postgres://user:password@host:port/database?sslmode=verify-full…`; any option of libpq (documentation, 34.1.2).
    public var url: String
    /// Becomes `search_path = schema, public` on every connection; need not exist yet.
    public var schema: String?
    /// How the server's views and logs name the sessions, unless `url` says it.
    public var applicationName: String
    /// Connections open lazily up to this. All but one may be leased to transactions and COPY. `notifications(on:)`
    /// needs one more.
    public var maximumConnections: Int
    /// Bounds the wait in the queue and at the server together; for COPY, each step.
    public var statementTimeout: Duration
    /// Bounds one attempt to connect, with TLS and authentication.
    public var connectTimeout: Duration
    /// Statements and transactions that may wait for a connection; beyond it `PostgresError.overloaded` at once.
    public var maximumQueued: Int

    public init(
        url: String, schema: String? = nil, applicationName: String = "lyceum", maximumConnections: Int = 8,
        statementTimeout: Duration = .seconds(10), connectTimeout: Duration = .seconds(5), maximumQueued: Int = 10_000
    ) {
        precondition(maximumConnections > 0, "a client needs a connection")
        self.url = url
        self.schema = schema
        self.applicationName = applicationName
        self.maximumConnections = maximumConnections
        self.statementTimeout = statementTimeout
        self.connectTimeout = connectTimeout
        self.maximumQueued = maximumQueued
    }
}
