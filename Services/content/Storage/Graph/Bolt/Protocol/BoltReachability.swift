/// Whether a database is worth another try. While it could not be reached for long, almost all who want it are told at once:
/// waiting, they would fill the service up for those who want something else. A value without a clock.
struct BoltReachability: Sendable {
    /// For how long everybody tries.
    static let patience = Duration.seconds(10)
    /// Thereafter one does, this often.
    static let interval = Duration.seconds(1)

    private var failingSince: ContinuousClock.Instant?
    private var nextTry: ContinuousClock.Instant?

    mutating func admits(now: ContinuousClock.Instant) -> Bool {
        guard isLost(now: now) else { return true }
        if let nextTry, now < nextTry { return false }
        nextTry = now + Self.interval
        return true
    }

    /// Whether it could not be reached for longer than anybody waits.
    func isLost(now: ContinuousClock.Instant) -> Bool {
        failingSince.map { $0.duration(to: now) >= Self.patience } ?? false
    }

    /// It has answered, whatever it said.
    mutating func reached() {
        failingSince = nil
        nextTry = nil
    }

    /// - Parameter start: of the try that was in vain.
    mutating func missed(since start: ContinuousClock.Instant) {
        failingSince = failingSince ?? start
    }
}
