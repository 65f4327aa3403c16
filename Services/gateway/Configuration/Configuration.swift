import NIOCore
import ServiceKit
import WireProtocol

/// What rules the traffic: all that may change while the gateway runs.
struct Configuration: Sendable, Equatable {
    /// By `Backend.rawValue`.
    private(set) var services: [ServiceConfiguration]
    var clients = ClientLimits()
    var access = AccessPolicy()
    var rates = RateRules()
    /// Whose tokens are taken: the platform's own auth, then others; no two of one name.
    var issuers: [TrustedIssuer]
    var crossOrigin = CrossOrigin()
    /// Whether text is compressed for clients that ask for it.
    var compresses = true
    /// In percent. Answers of 500 and above are always logged.
    var accessLogPercent = 100
    private(set) var routes = RouteTable([])

    /// - Parameters:
    ///   - upstreams: where each service is; its paths are those of the platform's contract.
    ///   - issuers: of tokens, the platform's own auth first.
    init(upstreams: [Backend: [UpstreamAddress]], issuers: [TrustedIssuer]) {
        self.issuers = issuers
        services = Backend.allCases.map {
            ServiceConfiguration(upstreams: upstreams[$0] ?? [], prefixes: $0.standardPrefixes)
        }
        self[.media].limits.bodyBytes = 5 << 30
        layOutRoutes()
    }

    subscript(_ backend: Backend) -> ServiceConfiguration {
        get { services[backend.rawValue] }
        set { services[backend.rawValue] = newValue }
    }

    /// Must follow every change of a service's prefixes.
    mutating func layOutRoutes() {
        routes = RouteTable(
            Backend.allCases.flatMap { backend in self[backend].prefixes.map { ($0, backend) } })
    }

    /// The share of one of `count` event loops.
    func share(of count: Int) -> Configuration {
        var share = self
        share.clients.connectionsPerAddress = (clients.connectionsPerAddress + count - 1) / count
        share.clients.connections = max(1, (clients.connections + count - 1) / count)
        for backend in Backend.allCases {
            let pool = self[backend].pool
            share[backend].pool.concurrentRequests = max(1, (pool.concurrentRequests + count - 1) / count)
            share[backend].pool.queuedRequests = (pool.queuedRequests + count - 1) / count
        }
        return share
    }
}

extension Backend {
    fileprivate var standardPrefixes: [String] {
        switch self {
        case .auth: ["/auth"]
        case .content: ["/content", "/knowledge", "/graph"]
        case .media: ["/media"]
        case .analytics: ["/analytics"]
        }
    }
}
