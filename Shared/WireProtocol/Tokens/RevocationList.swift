/// What auth answers to `GET /internal/revocations`: every revocation that a living access token could still be
/// subject to. The list is whole each time, so that a reader that missed one answer misses nothing; it is short,
/// since an entry may go once the longest access token issued before it has expired.
///
/// How a revocation travels: auth writes it in the transaction of what caused it (logging out, disabling or deleting
/// an account, a new role, a new password, a refresh token used twice) and answers only after that replica has read
/// it back. Every other replica of auth reads the list each second, the gateway and every service each 2 s, from any
/// replica. So it is in force everywhere within 5 s: at most 1 + 2 s, and the time of two reads.
///
/// While auth can't be reached, whoever read the list keeps to what was last read: tokens already issued go on working
/// until they expire, those already revoked stay refused, and nothing is opened; a process that has read no keys yet
/// refuses every token with 503. What is revoked while a reader is cut off is in force there with its next answer.
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
