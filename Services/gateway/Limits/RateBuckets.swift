import NIOCore

/// What a client has left.
struct RateVerdict: Equatable {
    var isAllowed: Bool
    var remaining: Int
    /// Seconds, rounded up, until nothing is used up any more.
    var reset: Int
    /// Seconds, rounded up, until the next call is allowed.
    var retryAfter: Int
}

/// Token buckets of fixed memory, as the generic cell rate algorithm keeps them: one time per client, at which its bucket
/// will be full. A full bucket is as good as none, so that a client that is forgotten for another's sake loses nothing
/// but what it had used up. A value without a clock.
struct RateBuckets {
    private static let ways = 8

    private var keys: [Int]
    /// Nanoseconds of `NIODeadline`.
    private var fullAt: [UInt64]
    private let sets: Int

    /// - Parameter capacity: clients remembered at most, rounded up to eight times a power of two.
    init(capacity: Int) {
        var sets = 1
        while sets * Self.ways < capacity { sets *= 2 }
        self.sets = sets
        keys = Array(repeating: 0, count: sets * Self.ways)
        fullAt = Array(repeating: 0, count: sets * Self.ways)
    }

    /// - Parameter key: spread evenly over all its bits.
    mutating func take(_ key: Int, _ rule: RateRule, now: NIODeadline) -> RateVerdict {
        let now = now.uptimeNanoseconds
        let window = UInt64(rule.window.nanoseconds)
        let interval = max(1, window / UInt64(rule.requests))
        let slot = slot(of: key)
        let base = max(now, keys[slot] == key ? fullAt[slot] : 0)
        let used = base - now
        guard used + interval <= window else {
            return RateVerdict(
                isAllowed: false, remaining: 0, reset: Self.seconds(used),
                retryAfter: Self.seconds(used + interval - window))
        }
        keys[slot] = key
        fullAt[slot] = base + interval
        return RateVerdict(
            isAllowed: true, remaining: Int((window - used - interval) / interval),
            reset: Self.seconds(used + interval), retryAfter: 0)
    }

    /// The key's own, else that of the bucket which is full first.
    private func slot(of key: Int) -> Int {
        let first = (key & (sets - 1)) * Self.ways
        var victim = first
        for index in first..<(first + Self.ways) {
            if keys[index] == key { return index }
            if fullAt[index] < fullAt[victim] { victim = index }
        }
        return victim
    }

    private static func seconds(_ nanoseconds: UInt64) -> Int {
        Int((nanoseconds + 999_999_999) / 1_000_000_000)
    }
}
