import Metrics
import NIOConcurrencyHelpers
import NIOPosix

/// Hashes passwords on threads of its own, so that a storm of logins slows logins and nothing else: neither event
/// loops nor Swift's own threads ever wait for bcrypt. What waits is bounded.
final class PasswordHasher: Sendable {
    /// What costs can be asked for. A hash that costs more is not taken over from elsewhere: it would keep a thread busy
    /// for seconds.
    static let costs = 4...16

    private let cost: Int
    private let limit: Int
    private let threads: NIOThreadPool
    private let pending = NIOLockedValueBox(0)
    private let spent = NIOLockedValueBox(0)
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
        return try await run { [spent] in
            spent.withLockedValue { $0 += 1 << cost }
            return try Bcrypt.hash(password, cost: cost)
        }
    }

    /// Whether `hash` is that of `password`. Right or wrong, or without a hash, the answer takes as many rounds as new
    /// hashes have: an account can be told neither from none nor by the age of its password.
    ///
    /// - Parameter highest: the highest cost of all hashes, which it takes when that is more: nor can an account be told
    ///   that came from elsewhere with a hash of more rounds.
    /// - Throws: ``AuthError/busy`` at once when too many wait.
    func verify(_ password: String, against hash: BcryptHash?, spending highest: Int = 0) async throws -> Bool {
        let cost = max(cost, min(highest, Self.costs.upperBound))
        return try await run { [spent] in
            func compare(_ hash: BcryptHash) throws -> Bool {
                spent.withLockedValue { $0 += 1 << hash.cost }
                return try Bcrypt.verify(password, against: hash)
            }
            guard let hash else { return try compare(.unmatched(cost: cost)) && false }
            let isRight = try compare(hash)
            // 2ⁿ + 2ⁿ + 2ⁿ⁺¹ + … + 2ᵐ⁻¹ = 2ᵐ
            for missing in stride(from: hash.cost, to: cost, by: 1) { _ = try compare(.unmatched(cost: missing)) }
            return isRight
        }
    }

    /// How many passwords are being hashed, or wait for that.
    var load: Int { pending.withLockedValue { $0 } }

    /// How many rounds were spent so far.
    var rounds: Int { spent.withLockedValue { $0 } }

    /// Whether `hash` was made with another number of rounds than is now asked for.
    func isOutdated(_ hash: BcryptHash) -> Bool {
        hash.cost != cost
    }

    /// Runs `work`, which may block, on a thread of the pool.
    ///
    /// - Throws: ``AuthError/busy`` at once when too many wait.
    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
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
