/// How long to wait before a transaction is tried again, as Neo4j's drivers do: a second, then twice as long each time,
/// a fifth more or less by chance. They go on for half a minute; a request can't wait that long for its answer.
struct BoltRetry: Sendable, Equatable {
    var firstDelay = Duration.seconds(1)
    /// From the first failure to the last try.
    var longest = Duration.seconds(10)

    private var attempts = 0
    private var firstFailure: ContinuousClock.Instant?

    init() {}

    /// The pause after one more failure; `nil` when it is time to give up.
    ///
    /// - Parameter chance: between -1 and 1.
    mutating func pause(now: ContinuousClock.Instant, chance: Double) -> Duration? {
        let start = firstFailure ?? now
        firstFailure = start
        // Beyond this it is longer than any `longest`.
        let delay = firstDelay * (1 << min(attempts, 20)) * (1 + 0.2 * chance)
        attempts += 1
        return start.duration(to: now + delay) <= longest ? delay : nil
    }
}
