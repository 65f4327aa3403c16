import WireProtocol

/// What a token is worth.
enum TokenVerdict {
    case valid(VerifiedToken)
    case invalid
    /// Signed by a key that is not known; it may be a new one.
    case unknownKey
    /// Auth's keys have never been seen: nothing can be judged.
    case noKeys
}

/// Judges access tokens on the event loop that it belongs to.
///
/// The signature is checked right there on a miss: it costs some 100 µs once per token and loop, less than the detour
/// over another thread would add under load, and the work that a stranger can cause is the same either way.
struct TokenJudge {
    private let issuer: String
    private let audience: String
    private var keys = KeyRing()
    private var revocations = Revocations()
    private var cache: TokenCache
    private var hits = 0
    private var misses = 0

    init(issuer: String, audience: String, cacheCapacity: Int) {
        self.issuer = issuer
        self.audience = audience
        cache = TokenCache(capacity: cacheCapacity)
    }

    /// - Parameter now: seconds since 1970.
    mutating func judge(_ bytes: UnsafeRawBufferPointer, now: Int) -> TokenVerdict {
        if let token = cache.token(bytes, now: now) {
            hits += 1
            return .valid(token)
        }
        misses += 1
        guard !keys.isEmpty else { return .noKeys }
        guard let compact = CompactToken(bytes), isForUs(compact.claims, now: now) else { return .invalid }
        guard let key = keys.key(compact.keyID) else { return .unknownKey }
        guard key.algorithm == compact.algorithm,
            key.isValid(compact.signature, for: bytes.slice(0..<compact.signedBytes)),
            !revocations.cover(compact.claims)
        else { return .invalid }
        let token = VerifiedToken(compact.claims)
        cache.insert(token, for: bytes, now: now)
        return .valid(token)
    }

    /// Look-ups that the cache could answer, and those that it could not, since the last call.
    mutating func takeCounts() -> (hits: Int, misses: Int) {
        defer { (hits, misses) = (0, 0) }
        return (hits, misses)
    }

    /// Takes these keys in place of those known before. What a key signed that went is no longer good.
    mutating func use(_ keys: KeyRing) {
        if !keys.covers(self.keys) { cache.removeAll { _ in true } }
        self.keys = keys
    }

    /// Takes this whole list in place of the one known before.
    mutating func use(_ revocations: Revocations) {
        self.revocations = revocations
        cache.removeAll { revocations.cover($0.claims) }
    }

    private func isForUs(_ claims: TokenClaims, now: Int) -> Bool {
        claims.issuer == issuer && claims.audience == audience && claims.expiresAt > now
    }
}
