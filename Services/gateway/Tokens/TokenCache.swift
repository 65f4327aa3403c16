/// Tokens that were verified, until they expire: a set-associative memory of fixed size.
///
/// A token is found by a keyed hash of its last bytes (the signature, where an attacker who can't sign has no say) and
/// then compared whole. A full set gives up what has expired, else what expires first. Times are seconds since 1970.
struct TokenCache {
    private struct Entry {
        var bytes: [UInt8]
        var token: VerifiedToken
    }

    private static let ways = 8
    private static let hashedBytes = 32
    private static let vacant = 0

    /// Beside the entries, so that a look-up touches one entry at most.
    private var hashes: [Int]
    private var entries: [Entry?]
    private let sets: Int

    /// - Parameter capacity: tokens held at most, rounded up to eight times a power of two.
    init(capacity: Int) {
        var sets = 1
        while sets * Self.ways < capacity { sets *= 2 }
        self.sets = sets
        hashes = Array(repeating: Self.vacant, count: sets * Self.ways)
        entries = Array(repeating: nil, count: sets * Self.ways)
    }

    var capacity: Int { entries.count }

    var count: Int { hashes.count { $0 != Self.vacant } }

    func token(_ bytes: UnsafeRawBufferPointer, now: Int) -> VerifiedToken? {
        let hash = Self.hash(bytes)
        for index in ways(of: hash) where hashes[index] == hash {
            guard let entry = entries[index], entry.bytes.withUnsafeBytes({ $0.elementsEqual(bytes) }) else { continue }
            return entry.token.claims.expiresAt > now ? entry.token : nil
        }
        return nil
    }

    mutating func insert(_ token: VerifiedToken, for bytes: UnsafeRawBufferPointer, now: Int) {
        let hash = Self.hash(bytes)
        var victim = ways(of: hash).lowerBound
        var earliest = Int.max
        for index in ways(of: hash) {
            guard let entry = entries[index], entry.token.claims.expiresAt > now else {
                victim = index
                break
            }
            if entry.token.claims.expiresAt < earliest {
                earliest = entry.token.claims.expiresAt
                victim = index
            }
        }
        hashes[victim] = hash
        entries[victim] = Entry(bytes: Array(bytes), token: token)
    }

    mutating func removeAll(where isGone: (VerifiedToken) -> Bool) {
        for index in entries.indices {
            guard let entry = entries[index], isGone(entry.token) else { continue }
            entries[index] = nil
            hashes[index] = Self.vacant
        }
    }

    private func ways(of hash: Int) -> Range<Int> {
        let first = ((hash >> 1) & (sets - 1)) * Self.ways
        return first..<(first + Self.ways)
    }

    /// Never `vacant`.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes.suffix(hashedBytes)))
        return hasher.finalize() | 1
    }
}
