import WireProtocol

/// Slows down who guesses passwords or codes, or which addresses have accounts. The counts are in the database, so that
/// they outlive restarts and hold for all replicas.
///
/// Failures are counted by account and network together, by account alone, and by network alone. None of the three can be
/// turned against an account's owner: a device that has logged in before is counted by itself, and where an account was
/// used from before, only the first of the three binds.
struct LoginGuard: Sendable {
    let limit: LoginLimit
    let signUps: SignUpLimit
    let store: any LoginFailureStore
    let devices: KnownDevices

    /// Something that may fail too often.
    struct Attempt: Sendable {
        /// A failure counts in all of them. The first one is forgotten after a success.
        let counted: [LoginLimit.Bucket]
        /// It comes from where the account was used from before.
        let isFamiliar: Bool
    }

    /// - Parameter known: what there is under the name that was given.
    func login(to name: String, _ known: Credentials?, from origin: Origin) -> Attempt {
        if let own = ofDevice(known?.user.id, name, origin) { return own }
        return Attempt(
            counted: [
                limit.bucket(account: name, network: origin.network), limit.bucket(account: name),
                limit.bucket(network: origin.network),
            ], isFamiliar: known?.knowsAddress ?? false)
    }

    /// Of who is logged in already, which nobody else can make fail.
    func password(of user: User, from origin: Origin) -> Attempt {
        let own = limit.bucket(account: "password of \(user.id)", network: origin.network)
        return Attempt(counted: [own], isFamiliar: true)
    }

    /// Codes are few, but only who knows the password, or has a session, can try them.
    func secondFactor(of user: Identifier, from origin: Origin) -> Attempt {
        let name = "second factor of \(user)"
        if let own = ofDevice(user, name, origin) { return own }
        return Attempt(
            counted: [limit.bucket(account: name, network: origin.network), limit.bucket(account: name)],
            isFamiliar: false)
    }

    func signUp(from origin: Origin) -> Attempt {
        Attempt(counted: [limit.bucket(network: origin.network)], isFamiliar: false)
    }

    /// That of a device which has logged in to the account before.
    private func ofDevice(_ user: Identifier?, _ name: String, _ origin: Origin) -> Attempt? {
        guard let user, let device = devices.device(origin.device, of: user) else { return nil }
        return Attempt(counted: [limit.bucket(account: name, device: device)], isFamiliar: true)
    }

    /// - Throws: ``AuthError/tooManyFailures(_:)``.
    func admit(_ attempt: Attempt) async throws {
        guard try await !hear(attempt) else { return }
        let counts = try await store.counts(in: attempt.counted.map(\.name))
        try check(attempt, counts) { $0 >= $1.limit }
    }

    /// Whether a right answer may be believed. Where it may not, the answer is the same to right and wrong ones, and takes
    /// as long as if it might: so nobody learns which accounts were used from here.
    ///
    /// - Throws: ``AuthError/tooManyFailures(_:)`` when it is not even to be looked at.
    func hear(_ attempt: Attempt) async throws -> Bool {
        let counts = try await store.counts(in: attempt.counted.map(\.name))
        try check(attempt, counts) { $0 >= $1.patience }
        return attempt.isFamiliar || attempt.counted.allSatisfy { (counts[$0.name]?.failures ?? 0) < $0.limit }
    }

    /// Counts a failure, and notes it in the audit log.
    ///
    /// - Throws: ``AuthError/tooManyFailures(_:)`` when others that ran meanwhile used up the limit: so no more guesses
    ///   are answered than the limit says, however many are made at once.
    func failed(_ attempt: Attempt, _ entry: AuditEntry) async throws {
        let counts = try await store.record(in: attempt.counted.map(\.name), window: limit.window, entry)
        try check(attempt, counts) { $0 > $1.limit }
    }

    /// Counts a sign-up.
    ///
    /// - Throws: ``AuthError/tooManySignUps(_:)``.
    func countSignUp(from origin: Origin) async throws {
        let bucket = signUps.bucket(network: origin.network)
        let counts = try await store.count(in: [bucket.name], window: signUps.window)
        guard let count = counts[bucket.name], count.failures > bucket.limit else { return }
        throw AuthError.tooManySignUps(.init(limit: bucket.limit, resetsIn: count.resetsIn))
    }

    private func check(
        _ attempt: Attempt, _ counts: [String: FailureCount],
        isExceeded: (_ failures: Int, _ bucket: LoginLimit.Bucket) -> Bool
    ) throws {
        for bucket in attempt.counted {
            guard let count = counts[bucket.name], isExceeded(count.failures, bucket) else { continue }
            throw AuthError.tooManyFailures(.init(limit: bucket.limit, resetsIn: count.resetsIn))
        }
    }
}
