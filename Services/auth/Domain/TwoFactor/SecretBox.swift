import Crypto
import FoundationEssentials
import WireProtocol

/// Keeps users' authenticator secrets from whoever can read the database, or its backups: AES-256-GCM under a key that
/// only the processes have. Each is bound to its user, so that none can be put in another's place.
struct SecretBox: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: at least 32 bytes, the same for all replicas.
    init(secret: String) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(secret.utf8)), info: Data("lyceum authenticator secrets".utf8),
            outputByteCount: 32)
    }

    func seal(_ secret: [UInt8], of user: Identifier) throws -> [UInt8] {
        let box = try AES.GCM.seal(secret, using: key, authenticating: Data(user.description.utf8))
        return Array(box.nonce) + box.ciphertext + box.tag
    }

    /// - Throws: `CryptoKitError` when it was sealed under another key, or for another user.
    func open(_ sealed: [UInt8], of user: Identifier) throws -> [UInt8] {
        Array(
            try AES.GCM.open(
                try AES.GCM.SealedBox(combined: sealed), using: key, authenticating: Data(user.description.utf8)))
    }
}
