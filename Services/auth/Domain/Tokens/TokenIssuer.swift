import ServiceKit
import WireProtocol

/// Makes access tokens.
struct TokenIssuer: Sendable {
    let issuer: String
    let audience: String
    /// Seconds.
    let lifetime: Int
    let ring: SigningKeyRing
    let state: TokenState

    /// - Throws: what the database throws when no key could be read or made yet.
    func accessToken(for grant: SessionGrant) async throws -> String {
        let claims = TokenClaims(
            issuer: issuer, audience: audience, subject: grant.user.id, sessionID: grant.sessionID,
            role: grant.user.role, authenticationMethods: grant.authentication.methods.map(\.rawValue),
            assurance: grant.authentication.assurance, issuedAt: grant.issuedAt, expiresAt: grant.issuedAt + lifetime,
            tokenID: Identifier().description)
        if let token = try await ring.sign(claims) { return token }
        try await state.refresh()
        guard let token = try await ring.sign(claims) else { throw AuthError.busy }
        return token
    }
}
