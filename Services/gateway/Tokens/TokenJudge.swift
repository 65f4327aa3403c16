import ServiceKit
import WireProtocol

/// Judges access tokens on the event loop that it belongs to, and remembers those that were good.
///
/// The signature is checked right there on a miss: it costs some 100 µs once per token and loop, less than the detour
/// over another thread would add under load, and the work that a stranger can cause is the same either way.
struct TokenJudge {
    private var authority: TokenAuthority
    private var cache: TokenCache
    private var hits = 0
    private var misses = 0

    /// - Parameter issuers: no two of one name.
    init(issuers: [TrustedIssuer], cacheCapacity: Int) {
        authority = TokenAuthority(issuers)
        cache = TokenCache(capacity: cacheCapacity)
    }

    /// - Parameter now: seconds since 1970.
    mutating func judge(_ bytes: UnsafeRawBufferPointer, now: Int) -> TokenVerdict<VerifiedToken> {
        if let token = cache.token(bytes, now: now) {
            hits += 1
            return .valid(token)
        }
        misses += 1
        switch authority.judge(bytes, now: now) {
        case .valid(let claims):
            let token = VerifiedToken(claims)
            cache.insert(token, for: bytes, now: now)
            return .valid(token)
        case .invalid: return .invalid
        case .unknownKey(let issuer): return .unknownKey(of: issuer)
        case .noKeys(let issuer): return .noKeys(of: issuer)
        }
    }

    /// Look-ups that the cache could answer, and those that it could not, since the last call.
    mutating func takeCounts() -> (hits: Int, misses: Int) {
        defer { (hits, misses) = (0, 0) }
        return (hits, misses)
    }

    /// Takes these issuers in place of those known before. Who is new, or not quite the same, has no keys yet.
    mutating func use(_ issuers: [TrustedIssuer]) {
        let gone = authority.use(issuers)
        if !gone.isEmpty { cache.removeAll { gone.contains($0.claims.issuer) } }
    }

    /// Takes these keys of an issuer in place of those known before. What a key signed that went is no longer good.
    mutating func use(_ keys: KeyRing, of issuer: TrustedIssuer) {
        if authority.use(keys, of: issuer) { cache.removeAll { $0.claims.issuer == issuer.name } }
    }

    /// Takes this whole list in place of the one known before. It holds for every issuer's tokens.
    mutating func use(_ revocations: Revocations) {
        authority.use(revocations)
        cache.removeAll { revocations.cover($0.claims) }
    }
}
