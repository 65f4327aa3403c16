import NIOConcurrencyHelpers
import NIOCore

/// Counts clients' calls over all event loops: a client's connections may be on any.
final class RateLimiter: Sendable {
    private static let shards = 16

    private let buckets: [NIOLockedValueBox<RateBuckets>]

    /// - Parameter capacity: clients remembered at most, about 16 bytes each.
    init(capacity: Int = 1 << 17) {
        buckets = (0..<Self.shards).map { _ in NIOLockedValueBox(RateBuckets(capacity: capacity / Self.shards)) }
    }

    /// Takes one call of this kind out of the client's bucket.
    ///
    /// - Parameter client: a keyed hash of the user or the address.
    func take(_ kind: RateClass, of client: Int, _ rule: RateRule, now: NIODeadline) -> RateVerdict {
        var hasher = Hasher()
        hasher.combine(client)
        hasher.combine(kind)
        let key = hasher.finalize()
        // The low bits choose the bucket within the shard.
        return buckets[(key >> 48) & (Self.shards - 1)].withLockedValue { $0.take(key, rule, now: now) }
    }
}
