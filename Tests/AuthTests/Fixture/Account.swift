import FoundationEssentials
import Testing
import WireProtocol

/// A user who is logged in.
struct Account: Sendable {
    let id: Identifier
    let email: String
    let accessToken: String
    let refreshToken: String
    let claims: TokenClaims

    init(_ answer: Answer) throws {
        id = try #require(Identifier(answer["user"]["id"].string ?? ""))
        email = try #require(answer["user"]["email"].string)
        accessToken = try #require(answer["access_token"].string)
        refreshToken = try #require(answer["refresh_token"].string)
        claims = try WireJSON.decode(TokenClaims.self, from: try Self.segment(1, of: accessToken))
    }

    /// A part of a token, decoded.
    static func segment(_ number: Int, of token: String) throws -> Data {
        var text = String(token.split(separator: ".")[number]).replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.count % 4) % 4)
        return try #require(Data(base64Encoded: text))
    }
}
