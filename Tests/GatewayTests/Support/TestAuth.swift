import Foundation
import JWTKit
import NIOConcurrencyHelpers
import ServiceKit
import ServiceKitTesting
import WireProtocol

@testable import Gateway

/// Auth as the gateway sees it: keys and revocations, which can change, and a service that can go down.
struct TestAuth: Sendable {
    let upstream: TestUpstream
    let tokens: TestTokens
    private let state: NIOLockedValueBox<State>

    private struct State {
        var keySet: JWKS
        var revocations: [Revocation] = []
        var isDown = false
    }

    init() async throws {
        let tokens = try await TestTokens()
        let state = NIOLockedValueBox(State(keySet: tokens.keySet))
        self.tokens = tokens
        self.state = state
        upstream = try await TestUpstream { request, connection in
            let now = state.withLockedValue { $0 }
            guard !now.isDown else { throw TestConnection.Ended() }
            let body: Data
            switch request.target {
            case "/auth/.well-known/jwks.json": body = try JSONEncoder().encode(now.keySet)
            case "/internal/revocations":
                guard request["authorization"]?.hasPrefix("Bearer ") == true else { throw TestConnection.Ended() }
                body = try WireJSON.encode(RevocationList(revocations: now.revocations))
            default: body = Data("auth".utf8)
            }
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: \(body.count)\r\n\r\n")
            try await connection.send(String(decoding: body, as: UTF8.self))
        }
    }

    func use(_ keySet: JWKS) {
        state.withLockedValue { $0.keySet = keySet }
    }

    func revoke(_ revocation: Revocation) {
        state.withLockedValue { $0.revocations.append(revocation) }
    }

    func setDown(_ isDown: Bool) {
        state.withLockedValue { $0.isDown = isDown }
        upstream.setReady(!isDown)
    }
}

extension TrustedIssuer {
    /// Auth as tests play it.
    static let test = TrustedIssuer.auth(name: TestTokens.issuer, audience: TestTokens.audience)
}
