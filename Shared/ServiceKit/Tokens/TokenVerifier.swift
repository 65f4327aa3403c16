public import AsyncHTTPClient
public import FoundationEssentials
public import JWTKit
import NIOConcurrencyHelpers
public import WireProtocol

/// Decides whether an access token is good: signed by a known key of an issuer that is trusted, for us, not expired, not
/// revoked.
///
/// What it knows of auth's keys and of revocations is given to it: in auth by its own database, elsewhere by
/// ``TokenStateWatcher``. The keys of other issuers it reads itself, at the latest when a token names one that it does not
/// know. A verified token is remembered until it expires, so that its signature is checked once.
public final class TokenVerifier: Sendable {
    /// Tokens remembered at most; when full, the memory starts anew.
    static let memoryLimit = 20_000

    private struct State {
        var authority: TokenAuthority
        /// Of what is known; a token judged by older knowledge is not remembered.
        var version = 0
        var verified: [String: TokenClaims] = [:]
    }

    /// Beside auth.
    let others: [TrustedIssuer]
    private let auth: TrustedIssuer
    private let keySets: KeySetReader
    private let now: @Sendable () -> Date
    private let state: NIOLockedValueBox<State>

    /// - Parameters:
    ///   - issuer: auth's name.
    ///   - audience: of auth's tokens.
    ///   - others: issuers whose tokens are taken too, no two of one name.
    ///   - client: reads the others' keys.
    public init(
        issuer: String, audience: String, others: [TrustedIssuer] = [], client: HTTPClient = .shared,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.others = others
        self.now = now
        auth = .auth(name: issuer, audience: audience)
        keySets = KeySetReader(client: client)
        state = NIOLockedValueBox(State(authority: TokenAuthority([auth] + others)))
    }

    /// - Throws: 401, with `error="invalid_token"`; 503 while its issuer's keys are not known.
    public func verify(_ token: String) async throws -> TokenClaims {
        switch await judgeWithNewestKeys(token) {
        case .valid(let claims): return claims
        case .noKeys:
            throw HTTPProblem.unavailable(
                "Tokens can't be checked yet: their issuer has not answered. Try again shortly.")
        case .invalid, .unknownKey:
            throw HTTPProblem.unauthorized(
                "The access token is not valid, or no longer. Refresh it or log in again.", invalidToken: true)
        }
    }

    /// Takes these public keys of auth in place of those known before. Tokens of keys that went are no longer good.
    ///
    /// - Throws: `EncodingError` or `DecodingError`; not for keys that jwt-kit has made.
    public func use(_ keySet: JWKS) throws {
        use(try KeyRing(json: JSONEncoder().encode(keySet)))
    }

    /// The same.
    func use(_ keys: KeyRing) {
        use(keys, of: auth)
    }

    /// Takes this whole list in place of the one known before.
    public func use(_ list: RevocationList) {
        let revocations = Revocations(list)
        change { state in
            state.authority.use(revocations)
            state.verified = state.verified.filter { !revocations.cover($1) }
        }
    }

    /// Whether auth's keys are known at all; without one none of its tokens can be verified.
    public var hasKeys: Bool { state.withLockedValue { $0.authority.hasKeys(of: auth) } }

    /// Reads the keys of an issuer elsewhere, in place of those known before.
    ///
    /// - Throws: what kept them from being read.
    func readKeys(of issuer: TrustedIssuer) async throws {
        guard case .elsewhere(let url, _) = issuer.origin else { return }
        use(try await keySets.keys(at: url), of: issuer)
    }

    private func use(_ keys: KeyRing, of issuer: TrustedIssuer) {
        change { state in
            guard state.authority.use(keys, of: issuer) else { return }
            state.verified = state.verified.filter { $1.issuer != issuer.name }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLockedValue { state in
            body(&state)
            state.version += 1
        }
    }

    private func judgeWithNewestKeys(_ token: String) async -> TokenVerdict<TokenClaims> {
        let verdict = judge(token)
        switch verdict {
        case .valid, .invalid: return verdict
        case .unknownKey(let issuer), .noKeys(let issuer):
            do {
                try await readKeys(of: issuer)
            } catch {
                // The operator is told by TokenStateWatcher, who reads them too.
                return verdict
            }
            return judge(token)
        }
    }

    private func judge(_ token: String) -> TokenVerdict<TokenClaims> {
        let now = Int(now().timeIntervalSince1970)
        let (remembered, authority, version) = state.withLockedValue { ($0.verified[token], $0.authority, $0.version) }
        if let remembered { return remembered.expiresAt > now ? .valid(remembered) : .invalid }
        // Outside the lock: it takes a while.
        var text = token
        let verdict = text.withUTF8 { authority.judge(UnsafeRawBufferPointer($0), now: now) }
        guard case .valid(let claims) = verdict else { return verdict }
        state.withLockedValue { state in
            guard state.version == version else { return }
            if state.verified.count >= Self.memoryLimit { state.verified.removeAll(keepingCapacity: true) }
            state.verified[token] = claims
        }
        return verdict
    }
}
