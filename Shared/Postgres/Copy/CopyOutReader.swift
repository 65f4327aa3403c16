import Synchronization

/// One run of a COPY out. Gives the connection back at its end, wherever that is.
final class CopyOutReader: Sendable {
    private enum Phase {
        case notBegun
        case reading(Lease)
        case ended
    }

    private let sql: SQL
    private let engine: Engine
    private let transaction: Lease?
    private let phase = Mutex(Phase.notBegun)

    init(sql: SQL, engine: Engine, transaction: Lease?) {
        self.sql = sql
        self.engine = engine
        self.transaction = transaction
    }

    deinit {
        end()
    }

    func next() async throws -> [UInt8]? {
        do {
            guard let lease = try await begun() else { return nil }
            if let chunk = try await lease.readCopy() { return chunk }
        } catch {
            end()
            throw error
        }
        end()
        return nil
    }

    /// The lease that the COPY runs on; `nil` when it is over.
    private func begun() async throws -> Lease? {
        switch phase.withLock({ $0 }) {
        case .ended: return nil
        case .reading(let lease): return lease
        case .notBegun: break
        }
        let lease = try await leaseToUse()
        phase.withLock { $0 = .reading(lease) }
        try await lease.beginCopyOut(sql)
        return lease
    }

    private func leaseToUse() async throws -> Lease {
        if let transaction { return transaction }
        guard case .lease(let id) = try await engine.perform(.lease) else {
            preconditionFailure("a lease is answered by one")
        }
        return Lease(engine: engine, id: id)
    }

    /// Ends a COPY that is still under way, and a lease of its own.
    private func end() {
        let last = phase.withLock { phase in
            defer { phase = .ended }
            return phase
        }
        guard case .reading(let lease) = last else { return }
        lease.abandonCopy()
        if transaction == nil { lease.releaseLater() }
    }
}
