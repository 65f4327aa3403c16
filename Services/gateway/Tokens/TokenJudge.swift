import WireProtocol

/// What a token is worth.
enum TokenVerdict {
    case valid(VerifiedToken)
    case invalid
    /// Said to be signed by a key that its issuer is not known to have; it may be a new one.
    case unknownKey(of: TokenIssuer)
    /// Its issuer's keys have never been seen: it can't be judged.
    case noKeys(of: TokenIssuer)
}

/// Judges access tokens on the event loop that it belongs to. Each issuer has keys of its own, which are of no use for
/// the tokens of another.
///
/// The signature is checked right there on a miss: it costs some 100 µs once per token and loop, less than the detour
/// over another thread would add under load, and the work that a stranger can cause is the same either way.
struct TokenJudge {
    private struct Known {
        let issuer: TokenIssuer
        var keys = KeyRing()
    }

    /// By the `iss` claim.
    private var issuers: [String: Known] = [:]
    private var revocations = Revocations()
    private var cache: TokenCache
    private var hits = 0
    private var misses = 0

    /// - Parameter issuers: no two of one name.
    init(issuers: [TokenIssuer], cacheCapacity: Int) {
        cache = TokenCache(capacity: cacheCapacity)
        use(issuers)
    }

    /// - Parameter now: seconds since 1970.
    mutating func judge(_ bytes: UnsafeRawBufferPointer, now: Int) -> TokenVerdict {
        if let token = cache.token(bytes, now: now) {
            hits += 1
            return .valid(token)
        }
        misses += 1
        guard let compact = CompactToken(bytes), let known = issuers[compact.claims.issuer],
            compact.claims.audience == known.issuer.audience, compact.claims.expiresAt > now,
            known.issuer.algorithms.contains(compact.algorithm)
        else { return .invalid }
        guard !known.keys.isEmpty else { return .noKeys(of: known.issuer) }
        guard let key = known.keys.key(compact.keyID) else { return .unknownKey(of: known.issuer) }
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

    /// Takes these issuers in place of those known before. Who is new, or not quite the same, has no keys yet.
    mutating func use(_ issuers: [TokenIssuer]) {
        let before = self.issuers
        self.issuers = [:]
        for issuer in issuers {
            let known = before[issuer.name]
            self.issuers[issuer.name] = known?.issuer == issuer ? known : Known(issuer: issuer)
        }
        for (name, known) in before where self.issuers[name]?.issuer != known.issuer { forget(issuedBy: name) }
    }

    /// Takes these keys of an issuer in place of those known before. What a key signed that went is no longer good.
    mutating func use(_ keys: KeyRing, of issuer: TokenIssuer) {
        guard let known = issuers[issuer.name], known.issuer == issuer else { return }
        if !keys.covers(known.keys) { forget(issuedBy: issuer.name) }
        issuers[issuer.name]?.keys = keys
    }

    /// Takes this whole list in place of the one known before. It holds for every issuer's tokens.
    mutating func use(_ revocations: Revocations) {
        self.revocations = revocations
        cache.removeAll { revocations.cover($0.claims) }
    }

    private mutating func forget(issuedBy issuer: String) {
        cache.removeAll { $0.claims.issuer == issuer }
    }
}
