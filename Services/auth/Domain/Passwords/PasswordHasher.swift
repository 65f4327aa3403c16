import Metrics
import NIOConcurrencyHelpers
import NIOPosix

/// Hashes passwords on threads of its own, so that a storm of logins slows logins and nothing else: neither event
/// loops nor Swift's own threads ever wait for bcrypt. What waits is bounded.
final class PasswordHasher: Sendable {
    private let cost: Int
    private let limit: Int
    private let threads: NIOThreadPool
    private let pending = NIOLockedValueBox(0)
    private let depth = Meter(label: "auth_hash_queue_depth")
    private let duration = Timer(label: "auth_hash_seconds")

    /// - Parameters:
    ///   - cost: log₂ of bcrypt's rounds, for new hashes.
    ///   - queue: how many may wait for a thread.
    init(cost: Int, threads: Int, queue: Int) {
        self.cost = cost
        limit = threads + queue
        self.threads = NIOThreadPool(numberOfThreads: threads)
        self.threads.start()
    }

    deinit {
        threads.shutdownGracefully { _ in }
    }

    /// - Throws: ``AuthError/busy`` at once when too many wait.
    func hash(_ password: String) async throws -> BcryptHash {
        let cost = cost
        return try await run { try Bcrypt.hash(password, cost: cost) }
    }

    /// Whether `hash` is that of `password`. Without a hash the answer is no, after the same time.
    ///
    /// - Throws: ``AuthError/busy`` at once when too many wait.
    func verify(_ password: String, against hash: BcryptHash?) async throws -> Bool {
        let compared = hash ?? .unmatched(cost: cost)
        return try await run { try Bcrypt.verify(password, against: compared) } && hash != nil
    }

    /// Whether `hash` was made with fewer rounds than are now asked for.
    func isOutdated(_ hash: BcryptHash) -> Bool {
        hash.cost < cost
    }

    private func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        let admitted = pending.withLockedValue { pending in
            guard pending < limit else { return false }
            pending += 1
            depth.set(pending)
            return true
        }
        guard admitted else { throw AuthError.busy }
        defer {
            pending.withLockedValue { pending in
                pending -= 1
                depth.set(pending)
            }
        }
        let start = ContinuousClock.now
        defer { duration.record(duration: start.duration(to: .now)) }
        return try await threads.runIfActive(work)
    }
}
