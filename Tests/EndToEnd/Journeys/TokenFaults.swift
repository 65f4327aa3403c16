import Foundation
import JWTKit
import ServiceKitTesting
import Testing
import WireProtocol

extension EndToEnd {
    /// Every way in which a token can be bad, tried at the only public port.
    @Suite struct TokenFaults {
        /// One path per service that needs a token.
        static let paths = ["/auth/me", "/analytics/me", "/media"]
        /// Of these, those that show nothing at all without a token.
        static let closed = ["/auth/me", "/analytics/me"]

        let platform: Platform
        let token: String

        init() async throws {
            platform = try .current
            token = try #require(try await platform.visitor.loggedIn(as: DemoData.student).token)
        }

        @Test("A good token opens every service", arguments: paths)
        func good(path: String) async throws {
            let answer = try await platform.visitor.with(token: token).get(path)
            #expect(answer.status == 200, "\(answer)")
        }

        @Test("No token, and one that is none, get 401 with a challenge", arguments: closed)
        func missing(path: String) async throws {
            let answer = try await platform.visitor.get(path)
            #expect(answer.isProblem(401), "\(answer)")
            #expect(answer.headers.first(name: "www-authenticate")?.hasPrefix("Bearer") == true)
            for nonsense in ["x", "a.b.c", "....", String(repeating: "A", count: 6_000)] {
                try await expectRefused(nonsense, at: path)
            }
        }

        @Test("A token without a signature, of another key, or changed by a letter is refused", arguments: paths)
        func forged(path: String) async throws {
            let parts = token.split(separator: ".")
            let header = Data(#"{"alg":"none","typ":"JWT"}"#.utf8).base64URL
            try await expectRefused("\(header).\(parts[1]).", at: path)
            try await expectRefused("\(header).\(parts[1]).\(parts[2])", at: path)

            let claims = try #require(Data(base64URL: parts[1]).map { String(decoding: $0, as: UTF8.self) })
            let promoted = Data(claims.replacing("student", with: "admin").utf8).base64URL
            try await expectRefused("\(parts[0]).\(promoted).\(parts[2])", at: path)
            try await expectRefused(try await signedByAStranger(claims), at: path)
        }

        @Test("Identity headers of the client's own are worth nothing")
        func spoofedHeaders() async throws {
            let spoofed = Dictionary(uniqueKeysWithValues: HeaderName.identity.map { ($0, "admin") })
            #expect(try await platform.visitor.get("/auth/me", spoofed).isProblem(401))
            let answer = try await platform.visitor.with(token: token).get("/auth/me", spoofed)
            #expect(answer.json["role"].string == "student", "\(answer)")
        }

        @Test("A token that was good, and remembered, ends with its time", .local)
        func expiry() async throws {
            try await withAuth(["ACCESS_TOKEN_SECONDS": "3"]) {
                let student = try await platform.visitor.loggedIn(as: DemoData.student)
                for path in Self.paths { #expect(try await student.get(path).status == 200, "\(path)") }
                for path in Self.paths {
                    try await eventually("\(path) refuses the expired token", within: .seconds(6)) {
                        try await student.get(path).isProblem(401)
                    }
                }
            }
        }

        @Test("A token for another audience is refused, although its signature is good", .local)
        func otherAudience() async throws {
            try await withAuth(["TOKEN_AUDIENCE": "elsewhere"]) {
                let stray = try #require(try await platform.visitor.loggedIn(as: DemoData.student).token)
                for path in ["/analytics/me", "/media"] { try await expectRefused(stray, at: path) }
            }
        }

        private func expectRefused(
            _ token: String, at path: String, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let answer = try await platform.visitor.with(token: token).get(path)
            #expect(answer.isProblem(401), "\(answer)", sourceLocation: sourceLocation)
            let challenge = answer.headers.first(name: "www-authenticate") ?? ""
            #expect(challenge.contains("invalid_token"), sourceLocation: sourceLocation)
        }

        /// The same claims and key id, under a key that auth never had.
        private func signedByAStranger(_ claims: String) async throws -> String {
            let keySet = try await platform.visitor.get("/auth/.well-known/jwks.json").json
            let id = JWKIdentifier(string: try #require(keySet["keys"][0]["kid"].string))
            let keys = await JWTKeyCollection().add(ecdsa: ES256PrivateKey(), kid: id)
            let payload = try JSONDecoder().decode(Claims.self, from: Data(claims.utf8))
            return try await keys.sign(payload, kid: id)
        }

        private func withAuth(_ settings: [String: String], _ body: () async throws -> Void) async throws {
            let platform = try LocalPlatform.current
            try await platform.stop(.auth)
            try await platform.start(.auth, settings: settings)
            try await body()
            try await platform.stop(.auth)
            try await platform.start(.auth)
        }
    }
}

private struct Claims: JWTPayload {
    let claims: TokenClaims

    init(from decoder: any Decoder) throws { claims = try TokenClaims(from: decoder) }
    func encode(to encoder: any Encoder) throws { try claims.encode(to: encoder) }
    func verify(using algorithm: some JWTAlgorithm) throws {}
}

extension Data {
    fileprivate var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    fileprivate init?(base64URL text: some StringProtocol) {
        let padding = String(repeating: "=", count: (4 - text.count % 4) % 4)
        self.init(base64Encoded: String(text).replacing("-", with: "+").replacing("_", with: "/") + padding)
    }
}
