import WireProtocol

/// Whose a token is, known to be true.
final class VerifiedToken: Sendable {
    let claims: TokenClaims
    let userID: String

    init(_ claims: TokenClaims) {
        self.claims = claims
        userID = claims.subject.description
    }
}
