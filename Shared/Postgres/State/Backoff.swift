/// How long to wait before the next attempt to connect: doubles from 50 ms to 1 s, of which a random half to whole is
/// taken, so that many processes don't return at once.
struct Backoff {
    private static let first = Duration.milliseconds(50)
    private static let longest = Duration.seconds(1)

    private(set) var failures = 0
    private(set) var until = MonotonicTime(nanoseconds: 0)

    /// Attempts that were made at once count once.
    /// - Parameter jitter: between 0 and 1.
    mutating func failed(at now: MonotonicTime, jitter: Double) {
        if failures > 0, now < until { return }
        let whole = min(Self.longest, Self.first * (1 << min(failures, 10)))
        failures += 1
        until = now.advanced(by: whole * (0.5 + jitter / 2))
    }

    mutating func succeeded() {
        self = Backoff()
    }
}
