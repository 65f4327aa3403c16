import Crypto
import CryptoExtras

/// A public key. It verifies with the one algorithm that it is for, whatever a token's header says.
enum VerificationKey: Sendable {
    case p256(P256.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PublicKey)
    /// At least 2048 bits.
    case rsa(_RSA.Signing.PublicKey)

    var algorithm: SigningAlgorithm {
        switch self {
        case .p256: .es256
        case .ed25519: .edDSA
        case .rsa: .rs256
        }
    }

    func isValid(_ signature: [UInt8], for bytes: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: SHA256.hash(data: bytes))
        case .ed25519(let key): return key.isValidSignature(signature, for: bytes)
        case .rsa(let key):
            return key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature), for: SHA256.hash(data: bytes),
                padding: .insecurePKCS1v1_5)
        }
    }
}

extension VerificationKey: Equatable {
    static func == (one: VerificationKey, other: VerificationKey) -> Bool {
        switch (one, other) {
        case (.p256(let one), .p256(let other)): one.rawRepresentation == other.rawRepresentation
        case (.ed25519(let one), .ed25519(let other)): one.rawRepresentation == other.rawRepresentation
        case (.rsa(let one), .rsa(let other)): one.derRepresentation == other.derRepresentation
        default: false
        }
    }
}
