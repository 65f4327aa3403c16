import FoundationEssentials
public import JWTKit
import NIOConcurrencyHelpers
public import WireProtocol

/// Decides whether an access token is good: signed with ES256 by a known key, for us, not expired, not revoked.
///
/// What it knows of keys and revocations is given to it: in auth by its own database, elsewhere by
/// ``TokenStateWatcher``. A verified token is remembered until it expires, so that its signature is checked once.
public final class TokenVerifier: Sendable {
    /// Tokens remembered at most; when full, the memory starts anew.
    static let memoryLimit = 20_000
    /// Longer ones are no tokens of ours.
    static let maximumLength = 4_096

    private struct State {
        var keys = JWTKeyCollection()
        var keyIDs: Set<String> = []
        var revocations: [Revocation.Target: Int] = [:]
        var verified: [String: TokenClaims] = [:]
    }

    private let issuer: String
    private let audience: String
    private let now: @Sendable () -> Date
    private let state = NIOLockedValueBox(State())

    public init(issuer: String, audience: String, now: @escaping @Sendable () -> Date = { Date() }) {
        self.issuer = issuer
        self.audience = audience
        self.now = now
    }

    /// - Throws: 401, with `error="invalid_token"`.
    public func verify(_ token: String) async throws -> TokenClaims {
        if let claims = state.withLockedValue({ $0.verified[token] }) {
            try check(claims)
            return claims
        }
        guard token.utf8.count <= Self.maximumLength else { throw Self.refusal }
        let claims = try await verifySignature(token)
        try check(claims)
        state.withLockedValue { state in
            if state.verified.count >= Self.memoryLimit { state.verified.removeAll(keepingCapacity: true) }
            state.verified[token] = claims
        }
        return claims
    }

    /// Takes these public keys in place of those known before. Tokens of keys that went are no longer good.
    public func use(_ keySet: JWKS) async throws {
        let keys = JWTKeyCollection()
        var ids: Set<String> = []
        for key in keySet.keys where key.keyType == .ecdsa && key.curve == .ecdsa(.p256) {
            guard let id = key.keyIdentifier?.string else { continue }
            try await keys.add(jwk: key)
            ids.insert(id)
        }
        state.withLockedValue { [ids] state in
            if state.keyIDs != ids { state.verified.removeAll(keepingCapacity: true) }
            state.keys = keys
            state.keyIDs = ids
        }
    }

    /// Takes this whole list in place of the one known before.
    public func use(_ list: RevocationList) {
        let revocations = Dictionary(
            list.revocations.map { ($0.target, $0.issuedUntil) }, uniquingKeysWith: max)
        state.withLockedValue { $0.revocations = revocations }
    }

    /// Whether there is a key at all; without one no token can be verified.
    public var hasKeys: Bool { state.withLockedValue { !$0.keyIDs.isEmpty } }

    private func verifySignature(_ token: String) async throws -> TokenClaims {
        let (keys, ids) = state.withLockedValue { ($0.keys, $0.keyIDs) }
        guard !ids.isEmpty else {
            throw HTTPProblem.unavailable("Tokens can't be checked yet: auth has not answered. Try again shortly.")
        }
        do {
            let header = try DefaultJWTParser().parse([UInt8](token.utf8), as: AccessTokenPayload.self).header
            // RFC 7515 §4.1.11: of the extensions that must be understood we understand none.
            guard header.alg == "ES256", header.fields["crit"] == nil, let id = header.kid, ids.contains(id) else {
                throw Self.refusal
            }
            return try await keys.verify(token, as: AccessTokenPayload.self).claims
        } catch {
            throw Self.refusal
        }
    }

    private func check(_ claims: TokenClaims) throws {
        guard claims.issuer == issuer, claims.audience == audience,
            Double(claims.expiresAt) > now().timeIntervalSince1970
        else { throw Self.refusal }
        let isRevoked = state.withLockedValue { state in
            [Revocation.Target(.session, claims.sessionID), .init(.user, claims.subject)]
                .contains { claims.issuedAt <= state.revocations[$0] ?? .min }
        }
        if isRevoked { throw Self.refusal }
    }

    private static let refusal = HTTPProblem.unauthorized(
        "The access token is not valid, or no longer. Refresh it or log in again.", invalidToken: true)
}

extension Revocation {
    fileprivate struct Target: Hashable {
        let scope: Scope
        let id: Identifier

        init(_ scope: Scope, _ id: Identifier) {
            self.scope = scope
            self.id = id
        }
    }

    fileprivate var target: Target { Target(scope, id) }
}
