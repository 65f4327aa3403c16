import Foundation
import Testing
import WireProtocol

extension EndToEnd {
    /// Somebody else's library as the judge of our tokens, and as a forger.
    @Suite(.enabled(if: Workspace.python != nil, "PyJWT is not there"))
    struct PyJWT {
        let platform: Platform

        init() throws {
            platform = try .current
        }

        @Test("PyJWT finds the key in our JWKS, and accepts our token for its issuer and audience")
        func accepts() async throws {
            let user = try await SignedUp(platform.visitor)
            let output = try await run("verify", user.token)
            #expect(output.contains(user.id) && output.contains("aal1"), "\(output)")
        }

        @Test("What PyJWT forges is refused by every service")
        func forges() async throws {
            let user = try await SignedUp(platform.visitor)
            let forged = try await run("forge", user.token).split(separator: "\n").map { $0.split(separator: " ") }
            #expect(forged.count >= 8)
            for parts in forged {
                for (service, path) in TokenState.calls {
                    let client = APIClient(base: platform.url(nearest: service), token: String(parts[1]))
                    #expect(try await client.get(path).isProblem(401), "\(parts[0]) at \(service)")
                }
            }
        }

        private func run(_ what: String, _ token: String) async throws -> String {
            try await Command(
                try #require(Workspace.python), "Tests/EndToEnd/Journeys/pyjwt.py", what,
                platform.url + "/auth/.well-known/jwks.json", token
            ).output()
        }
    }
}
