import Hummingbird
import ServiceKit

/// What a login gives: the members of RFC 6749 §5.1, and the user.
struct GrantAnswer: Encodable {
    var user: UserAnswer
    var accessToken: String
    var tokenType = "Bearer"
    /// Seconds.
    var expiresIn: Int
    var refreshToken: String
    /// Only when the login made them.
    var recoveryCodes: [String]?

    enum CodingKeys: String, CodingKey {
        case user
        case accessToken = "access_token"
        case tokenType = "token_type"
        case expiresIn = "expires_in"
        case refreshToken = "refresh_token"
        case recoveryCodes = "recovery_codes"
    }
}

/// Answers logins.
struct Grants: Sendable {
    let tokens: TokenIssuer
    let cookie: DeviceCookie

    /// - Throws: ``AuthError/challenged(_:)`` when a second step is due.
    func answer(_ outcome: LoginOutcome, status: HTTPResponse.Status = .ok) async throws -> Response {
        switch outcome {
        case .opened(let grant): try await answer(grant, status: status, marking: true)
        case .challenged(let challenge): throw AuthError.challenged(challenge)
        }
    }

    /// The answer that hands out `grant`; never to be stored on the way (RFC 6749 §5.1).
    ///
    /// - Parameter marking: whether somebody has just logged in, whose device will be known from now on.
    func answer(
        _ grant: SessionGrant, status: HTTPResponse.Status = .ok, recoveryCodes: [RecoveryCode]? = nil,
        marking: Bool = false
    ) async throws -> Response {
        let answer = GrantAnswer(
            user: UserAnswer(grant.user), accessToken: try await tokens.accessToken(for: grant),
            expiresIn: tokens.lifetime,
            refreshToken: grant.refreshToken.description, recoveryCodes: recoveryCodes?.map(\.description))
        var headers: HTTPFields = [.cacheControl: "no-store"]
        if marking { headers[.setCookie] = cookie.field(for: grant.user) }
        return try .json(answer, status: status, headers: headers)
    }
}
