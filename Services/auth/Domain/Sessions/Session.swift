import FoundationEssentials
import WireProtocol

/// One login of one user on one device, carried on by its refresh tokens.
struct Session: Sendable, Equatable {
    let id: Identifier
    /// The order in which sessions were opened.
    let number: Int
    let userAgent: String?
    let address: String?
    let createdAt: Date
    let lastUsedAt: Date
}

/// What a login or a refresh gives: the next refresh token, and what the access token shall say.
struct SessionGrant: Sendable {
    let user: User
    let sessionID: Identifier
    let authentication: Authentication
    let refreshToken: RefreshToken
    /// Seconds since 1970, later than any revocation that is in force for the user.
    let issuedAt: Int
}

/// How long things live.
struct Lifetimes: Sendable {
    /// Of an access token, in seconds.
    var accessToken: Int
    var refreshToken: Duration
    /// How long after its use a refresh token still gives the same successor.
    var refreshGrace: Duration

    /// The longest that an access token can be shown, in seconds: a minute more, for clocks that differ.
    var verifiableFor: Int { accessToken + 60 }
}
