import NIOCore
import ServiceKit

/// Every variable that the gateway reads.
struct Settings: ServiceSettings {
    var process: ProcessSettings
    var tokens: TokenSettings
    /// Where operators' pages are: `/ready`, `/metrics`, `/health`.
    var operationsAddress: ListenAddress
    /// Empty: nobody else holds the public port.
    var portHolder: String
    var eventLoops: Int
    var tokenCacheCapacity: Int
    /// Empty: `/docs` is a page without scripts.
    var swaggerFolder: String
    /// `nil`: the public port speaks plain HTTP.
    var tls: TLSSettings?
    var configuration: Configuration
    /// Where `configuration` is read from again on SIGHUP.
    var configurationFile: ConfigurationFile?

    init(from reader: inout SettingsReader) {
        process = ProcessSettings(from: &reader, port: 8080)
        tokens = TokenSettings(from: &reader)
        var upstreams: [Backend: [UpstreamAddress]] = [.auth: Self.addresses("AUTH_URL", tokens.authURL, &reader)]
        for (backend, name, fallback) in [
            (Backend.content, "CONTENT_URL", "http://127.0.0.1:8082"), (.media, "MEDIA_URL", "http://127.0.0.1:8083"),
            (.analytics, "ANALYTICS_URL", "http://127.0.0.1:8084"),
        ] {
            let text = reader.url(
                name, schemes: ["http"], default: fallback,
                "Where \(backend.name) listens; several replicas with commas between. Names are resolved to all addresses."
            )
            upstreams[backend] = Self.addresses(name, text, &reader)
        }
        operationsAddress = ListenAddress(
            host: reader.string(
                "METRICS_HOST", default: "127.0.0.1", "Address for /ready, /metrics and /health; keep it internal."),
            port: reader.integer(
                "METRICS_PORT", default: 9080, in: 0...65_535,
                "Port for /ready, /metrics and /health; 0 takes a free one."))
        portHolder = PortSettings.holder(&reader)
        eventLoops = reader.integer(
            "GATEWAY_THREADS", default: System.coreCount, in: 1...256, "Event loops, each a thread; as many as cores.")
        tokenCacheCapacity = reader.integer(
            "TOKEN_CACHE_SIZE", default: 20_000, in: 8...10_000_000,
            "Verified tokens remembered at most, about 1 KB each.")
        swaggerFolder = reader.string(
            "SWAGGER_UI", default: "",
            "Folder with Swagger UI, as deploy/gateway/swagger-ui.sh fills it; empty: /docs is a page without scripts.")
        tls = Self.tls(&reader)
        configuration = Configuration(
            upstreams: upstreams,
            issuers: [.auth(name: tokens.issuer, audience: tokens.audience)] + tokens.otherIssuers)
        Self.read(&configuration, process, &reader)
        let path = reader.string(
            "GATEWAY_CONFIG", default: "",
            "File with routes, limits and rules, as deploy/gateway/gateway.yaml; read again on SIGHUP.")
        guard !path.isEmpty else { return }
        let file = ConfigurationFile(path: path, base: configuration)
        configurationFile = file
        do {
            configuration = try file.read()
        } catch {
            for fault in error.faults { reader.note("GATEWAY_CONFIG", "\(fault)") }
        }
    }

    private static func tls(_ reader: inout SettingsReader) -> TLSSettings? {
        let certificates = reader.string(
            "TLS_CERTIFICATE", default: "",
            "File with the public port's certificate chain, as PEM; read again when it changes. Empty: plain HTTP.")
        let key = reader.string("TLS_KEY", default: "", "File with the certificate's private key, as PEM.")
        let strictSeconds = reader.integer(
            "HSTS_SECONDS", default: 31_536_000, in: 0...63_072_000,
            "How long browsers are to come by TLS only, once they did; 0: they are not told.")
        if certificates.isEmpty != key.isEmpty {
            reader.note("TLS_KEY", "must be set together with TLS_CERTIFICATE, or neither")
        }
        guard !certificates.isEmpty else { return nil }
        return TLSSettings(certificates: certificates, key: key, strictSeconds: strictSeconds)
    }

    private static func read(
        _ configuration: inout Configuration, _ process: ProcessSettings, _ reader: inout SettingsReader
    ) {
        configuration.accessLogPercent = reader.integer(
            "ACCESS_LOG_PERCENT", default: 100, in: 0...100,
            "Share of requests in the access log. Answers of 500 and above always are.")
        let rates = reader.string(
            "GATEWAY_RATES", default: "",
            "Calls that a user or address may make, as read=600/60,write=120/60,login=20/60: number per seconds.")
        if let rules = RateRules(rates) {
            configuration.rates = rules
        } else {
            reader.note("GATEWAY_RATES", "must be such as read=600/60,write=120/60,login=20/60, not \"\(rates)\"")
        }
        configuration.compresses = reader.flag(
            "GATEWAY_GZIP", default: true, "Whether text is compressed for clients that ask for it.")
        let origins = reader.string(
            "GATEWAY_CORS_ORIGINS", default: "",
            "Web pages of other origins that may call, as https://school.example.org, with commas between; * for all.")
        for origin in origins.split(separator: ",").map({ $0.filter { !$0.isWhitespace } }) {
            if CrossOrigin.origin(origin) == nil {
                reader.note("GATEWAY_CORS_ORIGINS", "has \"\(origin)\", which is no origin")
            }
            configuration.crossOrigin.origins.append(origin)
        }
        let proxies = reader.string(
            "GATEWAY_TRUSTED_PROXIES", default: "",
            "Networks, as 203.0.113.0/24,2001:db8::1, of proxies before the gateway whose X-Forwarded-For is believed.")
        for proxy in proxies.split(separator: ",") {
            if let range = AddressRange(proxy.filter { !$0.isWhitespace }) {
                configuration.clients.trustedProxies.append(range)
            } else {
                reader.note("GATEWAY_TRUSTED_PROXIES", "has \"\(proxy)\", which is no network")
            }
        }
        let bodyBytes = reader.integer(
            "GATEWAY_MAX_BODY", default: configuration[.content].limits.bodyBytes, in: 1...Int.max,
            "Bytes of a request's body at most.")
        let mediaBodyBytes = reader.integer(
            "GATEWAY_MAX_MEDIA_BODY", default: configuration[.media].limits.bodyBytes, in: 1...Int.max,
            "Bytes of the body of a request for media at most.")
        configuration.clients.connections = reader.integer(
            "GATEWAY_MAX_CONNECTIONS", default: configuration.clients.connections, in: 1...1_000_000,
            "Clients' connections at once; those above it get 503.")
        for backend in Backend.allCases {
            configuration[backend].limits.bodyBytes = backend == .media ? mediaBodyBytes : bodyBytes
            configuration[backend].pool.concurrentRequests = process.maximumRequests
            configuration[backend].pool.queuedRequests = process.maximumRequests
            // A little longer than the services allow themselves, so that their own 503 comes first.
            configuration[backend].limits.answerTime = TimeAmount(process.requestTimeout) + .seconds(5)
        }
    }

    private static func addresses(
        _ name: String, _ text: String, _ reader: inout SettingsReader
    ) -> [UpstreamAddress] {
        var addresses: [UpstreamAddress] = []
        for part in text.split(separator: ",") {
            if let address = UpstreamAddress(url: part) {
                addresses.append(address)
            } else {
                reader.note(
                    name, "must be addresses such as http://127.0.0.1:8081, with commas between, not \"\(part)\"")
            }
        }
        return addresses
    }
}
