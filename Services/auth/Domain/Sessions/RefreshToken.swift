import Crypto
import FoundationEssentials

/// The secret with which a client gets its next access token.
struct RefreshToken: Sendable, Hashable, LosslessStringConvertible {
    private let token: OpaqueToken

    /// A new one.
    init() {
        token = OpaqueToken()
    }

    /// `nil` for what can't be one.
    init?(_ text: String) {
        guard let token = OpaqueToken(text) else { return nil }
        self.token = token
    }

    private init(bytes: Data) {
        token = OpaqueToken(bytes: bytes)
    }

    var description: String { token.description }

    /// SHA-256: all that is kept of it.
    var hash: [UInt8] { token.hash }

    /// The token that follows this one: the same for the same nonce, and not to be found without this token.
    ///
    /// So a client that repeats a refresh because the answer got lost gets the same successor, though that is nowhere
    /// kept in clear.
    func successor(nonce: [UInt8]) -> RefreshToken {
        let key = SymmetricKey(data: Data(description.utf8))
        return RefreshToken(bytes: Data(HMAC<SHA256>.authenticationCode(for: nonce, using: key)))
    }
}
