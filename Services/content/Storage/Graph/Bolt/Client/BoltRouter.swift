import Logging

/// Knows which server to ask: with `bolt` always the same one, with `neo4j` those of the routing table, which it asks
/// for anew when it is too old, or when no server for the purpose is left in it.
actor BoltRouter {
    private let options: BoltOptions
    private let dialler: BoltDialler
    private let logger: Logger
    private let clock = ContinuousClock()
    private var pools: [BoltAddress: BoltPool] = [:]
    private var table: RoutingTable?
    private var askedAt: ContinuousClock.Instant?
    private var refreshing: Task<RoutingTable, any Error>?
    private var turn = 0
    private var isClosed = false

    init(_ options: BoltOptions, logger: Logger) throws {
        self.options = options
        self.logger = logger
        dialler = try BoltDialler(options)
    }

    /// The pool of a server for transactions with this access.
    func pool(for access: BoltAccess) async throws -> BoltPool {
        guard options.url.isRouted else { return try pool(at: options.url.address) }
        let servers = try await freshTable(for: access).servers(for: access)
        guard !servers.isEmpty else { throw BoltError.routing("none takes \(access)s at present") }
        turn += 1
        return try pool(at: servers[turn % servers.count])
    }

    /// What a failed transaction tells about its server.
    func note(_ error: any Error, at address: BoltAddress) {
        switch error {
        case BoltError.connection, BoltError.commitUnknown: table?.forget(address)
        case BoltError.server(let error) where error.isNotWritable: table?.forgetWriter(address)
        default: break
        }
    }

    func close() async {
        isClosed = true
        refreshing?.cancel()
        for pool in pools.values { await pool.close() }
    }

    private func pool(at address: BoltAddress) throws -> BoltPool {
        guard !isClosed else { throw BoltError.closed }
        if let pool = pools[address] { return pool }
        let pool = BoltPool(address, options: options, dialler: dialler)
        pools[address] = pool
        return pool
    }

    // MARK: Routing table

    private func freshTable(for access: BoltAccess) async throws -> RoutingTable {
        if let table, let askedAt, askedAt.duration(to: clock.now) < table.lifetime,
            !table.servers(for: access).isEmpty
        {
            return table
        }
        if let refreshing { return try await refreshing.value }
        let task = Task { try await askForTable() }
        refreshing = task
        defer { refreshing = nil }
        let fresh = try await task.value
        table = fresh
        askedAt = clock.now
        for address in pools.keys where !fresh.all.contains(address) && address != options.url.address {
            await pools.removeValue(forKey: address)?.close()
        }
        return fresh
    }

    /// Asks the routers known so far, then the server that the settings name.
    private func askForTable() async throws -> RoutingTable {
        let routers = (table?.routers ?? []) + [options.url.address]
        var failure: any Error = BoltError.routing("there is none")
        for router in routers {
            do {
                return try await askForTable(router)
            } catch let error as BoltError {
                logger.debug("no routing table", metadata: ["router": "\(router)", "error": "\(error)"])
                if let refusal = error.server, refusal.isOfAllServers { throw error }
                failure = error
            }
        }
        throw BoltError.routing("no router answers; the last said: \(failure)")
    }

    private func askForTable(_ router: BoltAddress) async throws -> RoutingTable {
        let request = BoltRequest.route(
            context: options.url.boltRoutingContext, bookmarks: [],
            extra: options.url.database.map { ["db": .string($0)] } ?? [:])
        return try await pool(at: router).withConnection { connection in
            let answers = try await connection.exchange([request])
            return try RoutingTable(answers.first?.metadata ?? [:])
        }
    }
}
