import WireProtocol

/// Whose a token is, known to be true.
final class VerifiedToken: Sendable {
    let claims: TokenClaims
    let userID: String
    /// A keyed hash of the user's id.
    let key: Int

    init(_ claims: TokenClaims) {
        self.claims = claims
        userID = claims.subject.description
        var hasher = Hasher()
        hasher.combine(claims.subject)
        key = hasher.finalize()
    }
}
