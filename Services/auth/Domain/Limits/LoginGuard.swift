/// Slows down who guesses passwords, or which addresses have accounts. The counts are in the database, so that they
/// outlive restarts and hold for all replicas; they go by account and address together, so that nobody can lock an
/// owner out from elsewhere.
struct LoginGuard: Sendable {
    let limit: LoginLimit
    let store: any LoginFailureStore

    /// Something that may fail too often.
    struct Attempt: Sendable {
        /// A failure counts in all of them.
        let counted: [LoginLimit.Bucket]
        /// Those that can have it refused.
        let binding: [LoginLimit.Bucket]
    }

    /// - Parameter knowsAddress: the account was logged in to from there before. Then the network's limit does not
    ///   bind, so that one attacker in a school can't lock out the others.
    func login(to account: String, from origin: Origin, knowsAddress: Bool) -> Attempt {
        let own = limit.bucket(account: account, network: origin.network)
        let shared = limit.bucket(network: origin.network)
        return Attempt(counted: [own, shared], binding: knowsAddress ? [own] : [own, shared])
    }

    func signUp(from origin: Origin) -> Attempt {
        let shared = limit.bucket(network: origin.network)
        return Attempt(counted: [shared], binding: [shared])
    }

    /// - Throws: ``AuthError/tooManyFailures(_:)``.
    func admit(_ attempt: Attempt) async throws {
        let counts = try await store.counts(in: attempt.binding.map(\.name))
        try check(attempt, counts) { $0 >= $1 }
    }

    /// Counts a failure, and notes it in the audit log.
    ///
    /// - Throws: ``AuthError/tooManyFailures(_:)`` when others that ran meanwhile used up the limit: so no more guesses
    ///   are answered than the limit says, however many are made at once.
    func failed(_ attempt: Attempt, _ entry: AuditEntry) async throws {
        let counts = try await store.record(in: attempt.counted.map(\.name), window: limit.window, entry)
        try check(attempt, counts) { $0 > $1 }
    }

    private func check(
        _ attempt: Attempt, _ counts: [String: FailureCount], isExceeded: (_ failures: Int, _ limit: Int) -> Bool
    ) throws {
        for bucket in attempt.binding {
            guard let count = counts[bucket.name], isExceeded(count.failures, bucket.limit) else { continue }
            throw AuthError.tooManyFailures(.init(limit: bucket.limit, resetsIn: count.resetsIn))
        }
    }
}
