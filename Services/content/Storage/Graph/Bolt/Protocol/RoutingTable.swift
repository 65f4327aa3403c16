/// Which servers of a cluster take what, as one of them said.
struct RoutingTable: Sendable, Equatable {
    var routers: [BoltAddress]
    var readers: [BoltAddress]
    var writers: [BoltAddress]
    /// From when it was asked for.
    let lifetime: Duration

    /// - Parameter metadata: of the answer to ROUTE.
    /// - Throws: ``BoltError/violation(_:)`` for what is no routing table.
    init(_ metadata: BoltMap) throws(BoltError) {
        guard case .map(let table)? = metadata["rt"], case .integer(let seconds)? = table["ttl"], seconds >= 0,
            case .list(let servers)? = table["servers"]
        else { throw .violation("the answer to ROUTE holds no routing table") }
        (routers, readers, writers) = ([], [], [])
        lifetime = .seconds(min(seconds, 86_400))
        for server in servers {
            guard case .map(let server) = server, case .list(let addresses)? = server["addresses"],
                case .string(let role)? = server["role"]
            else { throw .violation("a server in the routing table has no role or addresses") }
            let known = addresses.compactMap { if case .string(let text) = $0 { BoltAddress(text) } else { nil } }
            switch role {
            case "ROUTE": routers += known
            case "READ": readers += known
            case "WRITE": writers += known
            default: continue
            }
        }
        guard !routers.isEmpty else { throw .violation("the routing table names no router") }
    }

    var all: Set<BoltAddress> { Set(routers + readers + writers) }

    func servers(for access: BoltAccess) -> [BoltAddress] {
        access == .read ? readers : writers
    }

    /// The server can't be reached.
    mutating func forget(_ address: BoltAddress) {
        routers.removeAll { $0 == address }
        readers.removeAll { $0 == address }
        forgetWriter(address)
    }

    /// The server takes no writes any more.
    mutating func forgetWriter(_ address: BoltAddress) {
        writers.removeAll { $0 == address }
    }
}

/// What a transaction may do.
enum BoltAccess: Sendable, Equatable {
    case read, write
}
