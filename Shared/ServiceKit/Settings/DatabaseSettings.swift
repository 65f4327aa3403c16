public import Postgres

/// Where a service's own schema is, and how hard it may lean on it.
public struct DatabaseSettings: Sendable {
    public var url: String
    public var schema: String
    public var maximumConnections: Int
    public var statementTimeout: Duration

    public init(from reader: inout SettingsReader, service: String) {
        url = reader.url(
            "DATABASE_URL", schemes: ["postgres", "postgresql"],
            "PostgreSQL, as postgres://user:password@host:5432/database with any libpq option, such as sslmode.")
        schema = reader.string("DATABASE_SCHEMA", default: service, "The schema that this service owns.")
        maximumConnections = reader.integer(
            "DATABASE_CONNECTIONS", default: 8, in: 2...200, "Connections to PostgreSQL at most, per replica.")
        statementTimeout = reader.seconds(
            "DATABASE_TIMEOUT", default: 10, in: 0.1...600, "Seconds that one statement may take, waiting included.")
    }

    public func options(applicationName: String) -> PostgresOptions {
        var options = PostgresOptions(url: url, schema: schema, applicationName: applicationName)
        options.maximumConnections = maximumConnections
        options.statementTimeout = statementTimeout
        return options
    }
}
