/// Where a path leads.
enum Destination: Equatable {
    case service(Backend)
    /// The gateway answers it itself.
    case own(OwnPage)
    case nowhere
}

/// What the gateway answers itself.
enum OwnPage: Sendable, Equatable {
    case health, openAPI, documentation
}

/// Routes by path prefix. What is not listed leads nowhere; so do the services' `/internal`, `/metrics` and `/ready`.
struct RouteTable: Sendable {
    private let prefixes: [(prefix: StaticString, service: Backend)] = [
        ("/content", .content), ("/knowledge", .content), ("/graph", .content), ("/auth", .auth), ("/media", .media),
        ("/analytics", .analytics),
    ]
    private let pages: [(path: StaticString, page: OwnPage)] = [
        ("/health", .health), ("/openapi.json", .openAPI), ("/docs", .documentation),
    ]

    func destination(of path: UnsafeRawBufferPointer) -> Destination {
        for (prefix, service) in prefixes where path.isAtOrBelow(prefix) {
            return .service(service)
        }
        for (own, page) in pages where path.equals(own) {
            return .own(page)
        }
        return .nowhere
    }
}

extension UnsafeRawBufferPointer {
    /// Whether this path is `prefix` or goes on with a slash after it.
    func isAtOrBelow(_ prefix: StaticString) -> Bool {
        let length = prefix.utf8CodeUnitCount
        guard count >= length, slice(0..<length).equals(prefix) else { return false }
        return count == length || self[length] == 0x2F
    }
}
