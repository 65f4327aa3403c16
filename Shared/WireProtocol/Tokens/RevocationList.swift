/// What auth answers to `GET /internal/revocations`: every revocation that a living access token could still be
/// subject to. The list is whole each time, so that a reader that missed one answer misses nothing; it is short,
/// since an entry may go once the longest access token issued before it has expired.
public struct RevocationList: Sendable, Equatable, Codable {
    public var revocations: [Revocation]

    public init(revocations: [Revocation]) {
        self.revocations = revocations
    }
}

/// Tokens of one session, or of one user, that are refused although they have not expired.
public struct Revocation: Sendable, Hashable, Codable {
    public enum Scope: String, Sendable, Hashable, Codable {
        /// `id` is a session's (`sid`).
        case session
        /// `id` is a user's (`sub`).
        case user
    }

    public var scope: Scope
    public var id: Identifier
    /// Seconds since 1970: tokens issued at or before this time are refused.
    public var issuedUntil: Int

    public init(scope: Scope, id: Identifier, issuedUntil: Int) {
        self.scope = scope
        self.id = id
        self.issuedUntil = issuedUntil
    }

    enum CodingKeys: String, CodingKey {
        case scope, id
        case issuedUntil = "issued_until"
    }
}
