public import WireProtocol

/// What is known of issuers, their keys and revocations, by which access tokens are judged. Each issuer has keys of its
/// own, which are of no use for the tokens of another.
public struct TokenAuthority: Sendable {
    private struct Known {
        let issuer: TrustedIssuer
        var keys = KeyRing()
    }

    /// By the `iss` claim.
    private var issuers: [String: Known] = [:]
    private var revocations = Revocations()

    /// - Parameter issuers: no two of one name.
    public init(_ issuers: [TrustedIssuer]) {
        _ = use(issuers)
    }

    /// Checks the signature too, which costs some 100 µs.
    ///
    /// - Parameter now: seconds since 1970.
    public func judge(_ bytes: UnsafeRawBufferPointer, now: Int) -> TokenVerdict<TokenClaims> {
        guard let compact = CompactToken(bytes), let known = issuers[compact.issuer],
            known.issuer.algorithms.contains(compact.algorithm),
            let claims = known.issuer.claims(in: compact.payload, now: now)
        else { return .invalid }
        guard !known.keys.isEmpty else { return .noKeys(of: known.issuer) }
        guard let key = known.keys.key(compact.keyID) else { return .unknownKey(of: known.issuer) }
        guard key.algorithm == compact.algorithm,
            key.isValid(compact.signature, for: UnsafeRawBufferPointer(rebasing: bytes[..<compact.signedBytes])),
            !revocations.cover(claims)
        else { return .invalid }
        return .valid(claims)
    }

    public func hasKeys(of issuer: TrustedIssuer) -> Bool {
        issuers[issuer.name]?.keys.isEmpty == false
    }

    /// Takes these issuers in place of those known before. Who is new, or not quite the same, has no keys yet.
    ///
    /// - Returns: the names of those whose tokens are no longer good.
    public mutating func use(_ issuers: [TrustedIssuer]) -> Set<String> {
        let before = self.issuers
        self.issuers = [:]
        for issuer in issuers {
            let known = before[issuer.name]
            self.issuers[issuer.name] = known?.issuer == issuer ? known : Known(issuer: issuer)
        }
        return Set(before.filter { self.issuers[$0]?.issuer != $1.issuer }.keys)
    }

    /// Takes these keys of an issuer in place of those known before; nothing is taken for one who is not known.
    ///
    /// - Returns: whether a key went, so that tokens of this issuer may be no longer good.
    public mutating func use(_ keys: KeyRing, of issuer: TrustedIssuer) -> Bool {
        guard let known = issuers[issuer.name], known.issuer == issuer else { return false }
        issuers[issuer.name]?.keys = keys
        return !keys.covers(known.keys)
    }

    /// Takes this whole list in place of the one known before. It holds for every issuer's tokens.
    public mutating func use(_ revocations: Revocations) {
        self.revocations = revocations
    }
}
