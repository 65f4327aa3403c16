import FoundationEssentials
import JWTKit
import NIOConcurrencyHelpers
import ServiceKit
import WireProtocol

/// The signing keys that this replica knows.
final class SigningKeyRing: Sendable {
    private struct State {
        var keys: [SigningKey] = []
        var signers = JWTKeyCollection()
    }

    private let state = NIOLockedValueBox(State())

    /// The newest first.
    var keys: [SigningKey] { state.withLockedValue { $0.keys } }

    func use(_ keys: [SigningKey]) async throws {
        let signers = JWTKeyCollection()
        for key in keys {
            let signer = try ES256PrivateKey(backing: key.key)
            await signers.add(ecdsa: signer, kid: JWKIdentifier(string: key.id))
        }
        state.withLockedValue { $0 = State(keys: keys, signers: signers) }
    }

    /// - Returns: `nil` when there is no key yet.
    func sign(_ claims: TokenClaims) async throws -> String? {
        let (keys, signers) = state.withLockedValue { ($0.keys, $0.signers) }
        guard let key = keys.current(at: Date()) else { return nil }
        return try await signers.sign(AccessTokenPayload(claims), kid: JWKIdentifier(string: key.id))
    }
}
