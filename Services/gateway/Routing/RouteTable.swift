/// Where a path leads.
enum Destination: Sendable, Equatable {
    case service(Backend)
    /// The gateway answers it itself.
    case own(OwnPage)
    case nowhere
}

/// What the gateway answers itself.
enum OwnPage: Sendable, Equatable {
    case health, openAPI, documentation
    case documentationAsset(DocumentationAsset)
}

/// Routes by path prefix. What is not listed leads nowhere; so do the services' `/internal`, `/metrics` and `/ready`.
struct RouteTable: Sendable, Equatable {
    /// Paths that no service may be given: they are the gateway's own, or for the inside of the platform only.
    static let reserved = ["/health", "/openapi.json", "/docs", "/internal", "/metrics", "/ready", "/openapi.yaml"]

    private var table = PathTable<Destination>()

    /// - Parameter prefixes: by service; each covers the path itself and all below it.
    init(_ prefixes: [(prefix: String, service: Backend)]) {
        // A longer prefix is meant where a shorter one would cover it too.
        for (prefix, service) in prefixes.sorted(by: { $0.prefix.utf8.count > $1.prefix.utf8.count }) {
            table.append(prefix, coversBelow: true, .service(service))
        }
        for (path, page) in [
            ("/health", OwnPage.health), ("/openapi.json", .openAPI), ("/docs", .documentation),
            ("/docs/swagger-ui.css", .documentationAsset(.style)),
            ("/docs/swagger-ui-bundle.js", .documentationAsset(.script)),
            ("/docs/start.js", .documentationAsset(.start)),
        ] {
            table.append(path, coversBelow: false, .own(page))
        }
    }

    func destination(of path: UnsafeRawBufferPointer) -> Destination {
        table.first(covering: path) ?? .nowhere
    }
}
