import FoundationEssentials

/// Where an Ory Kratos listens: `kratos+http://host:4433?admin=http://host:4434&schema=lyceum`.
struct KratosAddress: Sendable, Equatable {
    /// Its public and its admin API, without a path or a slash at the end.
    let open: String
    let admin: String
    /// The identity schema of accounts that are made here.
    let schema: String

    /// `nil` for what is no such address.
    init?(_ text: String) {
        guard text.hasPrefix("kratos+"), var parts = URLComponents(string: String(text.dropFirst("kratos+".count)))
        else {
            return nil
        }
        let options = Dictionary(
            (parts.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
        parts.query = nil
        guard Set(options.keys).isSubset(of: ["admin", "schema"]), let open = Self.base(parts),
            let admin = options["admin"].flatMap(URLComponents.init(string:)).flatMap(Self.base)
        else { return nil }
        self.open = open
        self.admin = admin
        schema = options["schema"] ?? "lyceum"
    }

    /// `nil` unless it is an address on the web, with nothing behind its path.
    private static func base(_ parts: URLComponents) -> String? {
        guard let scheme = parts.scheme, ["http", "https"].contains(scheme), parts.host?.isEmpty == false,
            parts.query == nil, parts.fragment == nil, let text = parts.string
        else { return nil }
        return String(text.reversed().drop { $0 == "/" }.reversed())
    }
}
