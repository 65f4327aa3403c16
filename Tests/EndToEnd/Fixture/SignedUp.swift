import Foundation
import Testing

/// Somebody who has just signed up.
struct SignedUp: Sendable {
    static let password = "seven brown owls"

    let id: String
    let email: String
    let token: String
    let refreshToken: String

    init(_ visitor: APIClient) async throws {
        let email = "\(UUID().uuidString.lowercased())@example.org"
        try self.init(
            try await visitor.post(
                "/auth/signup", ["email": .string(email), "password": .string(Self.password)]))
    }

    /// From what a sign-up, a login or a refresh answered.
    init(_ answer: Answer) throws {
        try #require([200, 201].contains(answer.status), "\(answer)")
        id = try #require(answer.json["user"]["id"].string)
        email = try #require(answer.json["user"]["email"].string)
        token = try #require(answer.json["access_token"].string)
        refreshToken = try #require(answer.json["refresh_token"].string)
    }

    var isExpired: Bool { (part(1)["exp"].integer ?? 0) <= Int(Date().timeIntervalSince1970) }

    /// Of the key that signed the token.
    var keyID: String { part(0)["kid"].string ?? "" }

    private func part(_ number: Int) -> JSON {
        let text = String(token.split(separator: ".")[number]).replacing("-", with: "+").replacing("_", with: "/")
        let padded = text + String(repeating: "=", count: (4 - text.count % 4) % 4)
        guard let data = Data(base64Encoded: padded) else { return .null }
        return (try? JSONDecoder().decode(JSON.self, from: data)) ?? .null
    }
}
