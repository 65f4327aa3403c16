public import Logging

/// What every Lyceum process can be told about itself.
public struct ProcessSettings: Sendable {
    public enum LogFormat: String, Sendable, CaseIterable {
        case json, console
    }

    public var mode: DeploymentMode
    public var host: String
    public var port: Int
    public var logLevel: Logger.Level
    public var logFormat: LogFormat
    /// How long running requests may take after SIGTERM.
    public var shutdownGrace: Duration
    /// Requests in work at once; those above it get 503.
    public var maximumRequests: Int
    /// How long a request may take, its body's transfer included for buffered bodies.
    public var requestTimeout: Duration
    /// Whose word on a client's address is taken.
    public var trustedProxies: TrustedProxies

    public init(from reader: inout SettingsReader, port: Int) {
        mode = reader.choice(
            "LYCEUM_MODE", default: .development, "development or production; production refuses demo accounts.")
        host = reader.string("HOST", default: "127.0.0.1", "Address to listen on; 0.0.0.0 for all, as in a container.")
        self.port = reader.integer("PORT", default: port, in: 0...65_535, "Port to listen on; 0 takes a free one.")
        logLevel = reader.choice("LOG_LEVEL", default: .info, "Least severe level that is logged.")
        logFormat = reader.choice("LOG_FORMAT", default: .json, "json (one object a line) or console.")
        shutdownGrace = reader.seconds(
            "SHUTDOWN_GRACE", default: 20, in: 0...600, "Seconds that running requests may take after SIGTERM.")
        maximumRequests = reader.integer(
            "MAX_REQUESTS", default: 1_000, in: 1...100_000, "Requests in work at once; those above it get 503.")
        requestTimeout = reader.seconds(
            "REQUEST_TIMEOUT", default: 30, in: 0.1...600, "Seconds that a request may take before it gets 503.")
        let proxies = reader.string(
            "TRUSTED_PROXIES", default: "",
            "Networks, as 203.0.113.0/24,2001:db8::/32, whose X-Forwarded-For is believed beside private ones'.")
        trustedProxies = TrustedProxies()
        do {
            trustedProxies = try TrustedProxies(proxies)
        } catch {
            reader.note("TRUSTED_PROXIES", "\(error)")
        }
    }
}
