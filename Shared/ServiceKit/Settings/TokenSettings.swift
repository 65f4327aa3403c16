/// How a service knows a user's token, and another service's.
public struct TokenSettings: Sendable {
    /// Where auth listens, without a path.
    public var authURL: String
    public var issuer: String
    public var audience: String
    /// Whose tokens are taken beside auth's.
    public var otherIssuers: [TrustedIssuer]
    /// Signs and verifies the tokens of calls to `/internal/*`.
    public var internalSecret: String

    public init(from reader: inout SettingsReader) {
        authURL = reader.url(
            "AUTH_URL", schemes: ["http", "https"], default: "http://127.0.0.1:8081",
            "Where auth listens: its public keys and revocations are read from there.")
        issuer = reader.string("TOKEN_ISSUER", default: "lyceum", "The iss claim of access tokens.")
        audience = reader.string("TOKEN_AUDIENCE", default: "lyceum-api", "The aud claim of access tokens.")
        otherIssuers = reader.issuers(
            "TOKEN_ISSUERS", beside: issuer,
            "Others whose tokens are taken, as a JSON list of issuer, audience, keys, algorithms, role_claim and roles."
        )
        internalSecret = reader.secret(
            "INTERNAL_SECRET", minimumBytes: 32, "Shared by all services; signs the calls that they make to each other."
        )
    }
}
