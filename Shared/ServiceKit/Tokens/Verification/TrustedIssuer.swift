import FoundationEssentials
import WireProtocol

/// Whose access tokens are taken, and by what they are known.
public struct TrustedIssuer: Sendable, Hashable {
    public enum Origin: Sendable, Hashable {
        /// The platform's own auth.
        case auth
        /// Another, whose public keys are at a URL, as a JWK set (RFC 7517 §5).
        case elsewhere(keys: String, roles: ForeignRoles)
    }

    /// The `iss` claim.
    public var name: String
    /// What its tokens' `aud` claim must be; that of an issuer elsewhere may name others beside it (RFC 7519 §4.1.3).
    public var audience: String
    /// Keys for others are of no use to it.
    public var algorithms: Set<SigningAlgorithm>
    public var origin: Origin

    public init(name: String, audience: String, algorithms: Set<SigningAlgorithm>, origin: Origin) {
        self.name = name
        self.audience = audience
        self.algorithms = algorithms
        self.origin = origin
    }

    public static func auth(name: String, audience: String) -> TrustedIssuer {
        TrustedIssuer(name: name, audience: audience, algorithms: [.es256], origin: .auth)
    }

    /// Whether it can be read from.
    public static func isKeySetURL(_ text: String) -> Bool {
        guard let url = URL(string: text) else { return false }
        return ["http", "https"].contains(url.scheme) && url.host?.isEmpty == false
    }

    /// The claims of a token of this issuer, in our terms; `nil` where they are not such as to be taken at `now`, in
    /// seconds since 1970.
    func claims(in payload: Data, now: Int) -> TokenClaims? {
        let claims: TokenClaims?
        do {
            switch origin {
            case .auth: claims = try WireJSON.decode(TokenClaims.self, from: payload)
            case .elsewhere(_, let roles):
                claims = TokenClaims(
                    try WireJSON.decode([String: JSONValue].self, from: payload), of: self, roles: roles, now: now)
            }
        } catch {
            return nil
        }
        guard let claims, claims.audience == audience, claims.expiresAt > now else { return nil }
        return claims
    }
}
