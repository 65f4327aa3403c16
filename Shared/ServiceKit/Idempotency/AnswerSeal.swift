import Crypto
import FoundationEssentials

/// Keeps what stands in kept answers, and in the requests that they belong to, from whoever can read the database: for
/// services whose bodies hold passwords and tokens. AES-256-GCM and HMAC-SHA-256, under keys that only the processes
/// have.
public struct AnswerSeal: Sendable {
    private let sealing: SymmetricKey
    private let digesting: SymmetricKey

    /// - Parameter secret: at least 32 bytes, the same for all replicas. With another one, answers kept before are not
    ///   found any more.
    public init(secret: String) {
        let secret = SymmetricKey(data: Data(secret.utf8))
        func key(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: secret, info: Data("lyceum idempotency \(purpose)".utf8), outputByteCount: 32)
        }
        sealing = key("answers")
        digesting = key("requests")
    }

    /// From a digest that could be tried against likely bodies, one that can't.
    func digest(_ sha256: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: sha256, using: digesting))
    }

    func seal(_ body: [UInt8]) throws -> [UInt8] {
        let box = try AES.GCM.seal(body, using: sealing)
        return Array(box.nonce) + box.ciphertext + box.tag
    }

    func open(_ sealed: [UInt8]) throws -> [UInt8] {
        Array(try AES.GCM.open(try AES.GCM.SealedBox(combined: sealed), using: sealing))
    }
}
