/// Whose tokens are taken, and by what they are known.
struct TokenIssuer: Sendable, Hashable {
    /// Where an issuer's public keys are, as a JWK set (RFC 7517 §5).
    enum KeySource: Sendable, Hashable {
        /// Any endpoint of the platform's own auth.
        case auth
        case url(String)
    }

    /// The `iss` claim.
    var name: String
    /// The `aud` claim, which must be this one alone.
    var audience: String
    var keys: KeySource
    /// Keys for others are of no use to it.
    var algorithms: Set<SigningAlgorithm>

    /// The platform's own.
    static func auth(name: String, audience: String) -> TokenIssuer {
        TokenIssuer(name: name, audience: audience, keys: .auth, algorithms: [.es256])
    }
}
