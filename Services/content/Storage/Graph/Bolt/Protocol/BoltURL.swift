import FoundationEssentials

/// Where a graph database is and how to get in: `bolt://user:password@host:7687/database`.
///
/// `bolt` talks to that one server, `neo4j` asks it for the cluster's routing table. With `+s` TLS is on and the
/// server's certificate is checked against the system's authorities, with `+ssc` any certificate will do.
struct BoltURL: Sendable, Equatable {
    enum Encryption: Sendable, Equatable {
        case none, verified, unverified
    }

    struct Credentials: Sendable, Equatable {
        var user: String
        var password: String
    }

    static let schemes = ["bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"]

    let address: BoltAddress
    let isRouted: Bool
    let encryption: Encryption
    /// `nil` for a server without authentication.
    let credentials: Credentials?
    /// `nil` for the user's home database.
    let database: String?
    /// What a query says to `neo4j` servers about routing, such as `?policy=eu`.
    let routingContext: [String: String]

    /// - Throws: ``Fault`` with what to mend.
    init(_ text: String) throws(Fault) {
        guard let scheme = Self.schemes.first(where: { text.hasPrefix($0 + "://") }) else {
            throw Fault("must start with \(Self.schemes.map { $0 + "://" }.joined(separator: ", "))")
        }
        guard let parts = URLComponents(string: text) else {
            throw Fault("is no URL; percent-encode what is special in the user and password")
        }
        isRouted = scheme.hasPrefix("neo4j")
        encryption = scheme.hasSuffix("+s") ? .verified : scheme.hasSuffix("+ssc") ? .unverified : .none
        address = try Self.address(parts)
        credentials = try Self.credentials(parts)
        database = try Self.database(parts)
        guard parts.fragment == nil else { throw Fault("must have no #fragment") }
        let items = parts.queryItems ?? []
        guard items.isEmpty || isRouted else { throw Fault("can have a ?query only with neo4j://") }
        routingContext = Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
        guard routingContext.count == items.count else { throw Fault("says something twice in its ?query") }
    }

    private static func address(_ parts: URLComponents) throws(Fault) -> BoltAddress {
        var host = parts.host ?? ""
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty else { throw Fault("names no host") }
        let port = parts.port ?? BoltAddress.defaultPort
        guard (1...65_535).contains(port) else { throw Fault("has no possible port: \(port)") }
        return BoltAddress(host: host, port: port)
    }

    private static func credentials(_ parts: URLComponents) throws(Fault) -> Credentials? {
        guard let user = parts.user, !user.isEmpty else {
            guard parts.password == nil else { throw Fault("has a password, but no user") }
            return nil
        }
        guard let password = parts.password else { throw Fault("has a user, but no password: user:password@host") }
        return Credentials(user: user, password: password)
    }

    private static func database(_ parts: URLComponents) throws(Fault) -> String? {
        let name = parts.path.drop { $0 == "/" }
        guard !name.contains("/") else { throw Fault("must name one database after the host, not \"\(name)\"") }
        return name.isEmpty ? nil : String(name)
    }

    /// The same as servers are told it, with the address that this client knows the cluster by.
    var boltRoutingContext: BoltMap {
        var context: BoltMap = [:]
        for (name, value) in routingContext.sorted(by: { $0.key < $1.key }) { context[name] = .string(value) }
        context["address"] = .string(address.description)
        return context
    }

    /// What is wrong with the URL; tells no password.
    struct Fault: Error, Equatable, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }
}
