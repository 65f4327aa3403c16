import ServiceKit

/// The connections to one server. Whoever wants one waits in line until there is a place.
actor BoltPool {
    typealias State = BoltPoolState<BoltConnection>

    /// A connection that one transaction has to itself.
    struct Lease: Sendable {
        let connection: BoltConnection
        let openedAt: ContinuousClock.Instant
    }

    nonisolated let address: BoltAddress
    private let dialler: BoltDialler
    private let acquisitionTimeout: Duration
    private let metrics: BoltMetrics
    private let clock = ContinuousClock()
    private var state: State
    private var waiters: [Int: CheckedContinuation<State.Place, any Error>] = [:]

    init(_ address: BoltAddress, options: BoltOptions, dialler: BoltDialler) {
        self.address = address
        self.dialler = dialler
        acquisitionTimeout = options.acquisitionTimeout
        metrics = BoltMetrics(server: address)
        state = State(
            limits: .init(
                connections: options.maximumConnections, lifetime: options.maximumLifetime,
                idleBeforeCheck: options.idleBeforeCheck))
    }

    /// Runs `body` with a connection of its own; what it leaves open there is ended after.
    ///
    /// - Parameter body: says whether the server's state is as it was.
    /// - Throws: ``BoltError/exhausted`` after the acquisition timeout, and what `body` and opening throw.
    nonisolated(nonsending) func withConnection<Value: Sendable>(
        _ body: (BoltConnection) async throws -> Value
    ) async throws -> Value {
        let lease = try await acquire()
        do {
            let value = try await body(lease.connection)
            await release(lease)
            return value
        } catch {
            await release(lease, after: error)
            throw error
        }
    }

    func close() {
        let (idle, waiting) = state.close()
        idle.forEach { $0.sayGoodbye() }
        for waiter in waiting { waiters.removeValue(forKey: waiter)?.resume(throwing: BoltError.closed) }
        metrics.record(state)
    }

    private func acquire() async throws -> Lease {
        let start = clock.now
        var place = try await place()
        metrics.waited(start.duration(to: clock.now))
        do {
            while case .use(let connection, let openedAt, let needsCheck) = place {
                if connection.isOpen, try await isAlive(connection, needsCheck) {
                    return Lease(connection: connection, openedAt: openedAt)
                }
                connection.close()
                place = replacement()
            }
            return Lease(connection: try await dialler.open(address), openedAt: clock.now)
        } catch {
            give(nil)
            throw error
        }
    }

    private func isAlive(_ connection: BoltConnection, _ needsCheck: Bool) async throws -> Bool {
        guard needsCheck else { return true }
        do {
            _ = try await connection.exchange([.reset])
            return true
        } catch is BoltError {
            return false
        }
    }

    /// A connection in an unknown state is reset, which also rolls back; one that can't be is closed. When the server
    /// says that the authorization has expired, so are all others.
    private func release(_ lease: Lease, after failure: (any Error)? = nil) async {
        var isUsable = lease.connection.isOpen
        if (failure as? BoltError)?.server?.isAuthorizationExpired == true {
            state.expire(now: clock.now).forEach { $0.sayGoodbye() }
            isUsable = false
        } else if isUsable, failure != nil {
            do {
                _ = try await lease.connection.exchange([.reset])
            } catch {
                isUsable = false
            }
        }
        if !isUsable { lease.connection.close() }
        give(isUsable ? (lease.connection, lease.openedAt) : nil)
    }

    // MARK: Places

    private func place() async throws -> State.Place {
        let (request, outdated) = state.request(now: clock.now)
        outdated.forEach { $0.sayGoodbye() }
        defer { metrics.record(state) }
        switch request {
        case .granted(let place): return place
        case .closed: throw BoltError.closed
        case .waits: return try await wait()
        }
    }

    private func replacement() -> State.Place {
        let (place, outdated) = state.replacement(now: clock.now)
        outdated.forEach { $0.sayGoodbye() }
        return place
    }

    private func wait() async throws -> State.Place {
        let waiter = state.enqueue()
        metrics.record(state)
        let patience = Task {
            try await Task.sleep(for: acquisitionTimeout)
            give(up: waiter, BoltError.exhausted)
        }
        defer { patience.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                waiters[waiter] = continuation
                if Task.isCancelled { give(up: waiter, CancellationError()) }
            }
        } onCancel: {
            Task { await self.give(up: waiter, CancellationError()) }
        }
    }

    private func give(up waiter: Int, _ error: any Error) {
        guard state.forget(waiter) else { return }
        waiters.removeValue(forKey: waiter)?.resume(throwing: error)
        metrics.record(state)
    }

    private func give(_ connection: (BoltConnection, openedAt: ContinuousClock.Instant)?) {
        let (next, outdated) = state.release(connection, now: clock.now)
        outdated.forEach { $0.sayGoodbye() }
        if let next { waiters.removeValue(forKey: next.waiter)?.resume(returning: next.1) }
        metrics.record(state)
    }
}
