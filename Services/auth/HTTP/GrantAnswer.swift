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

    enum CodingKeys: String, CodingKey {
        case user
        case accessToken = "access_token"
        case tokenType = "token_type"
        case expiresIn = "expires_in"
        case refreshToken = "refresh_token"
    }
}

extension TokenIssuer {
    /// The answer that hands out `grant`; never to be stored on the way (RFC 6749 §5.1).
    func answer(_ grant: SessionGrant, status: HTTPResponse.Status = .ok) async throws -> Response {
        let answer = GrantAnswer(
            user: UserAnswer(grant.user), accessToken: try await accessToken(for: grant), expiresIn: lifetime,
            refreshToken: grant.refreshToken.description)
        return try .json(answer, status: status, headers: [.cacheControl: "no-store"])
    }
}
