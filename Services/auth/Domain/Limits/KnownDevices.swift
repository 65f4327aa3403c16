import Crypto
import FoundationEssentials
import WireProtocol

/// Marks devices from which an account was logged in to, so that whoever tries its password elsewhere, even in the same
/// building, can't have its owner locked out.
///
/// A mark is kept by the device alone. It opens nothing: its failures are counted apart.
struct KnownDevices: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: at least 32 bytes, the same for all replicas.
    init(secret: String) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(secret.utf8)), info: Data("lyceum known devices".utf8),
            outputByteCount: 32)
    }

    /// A new mark, for a device that has just logged in to the account.
    func mark(for user: Identifier) -> String {
        let name = OpaqueToken().description
        return "\(name).\(Data(code(name, user)).base64URL)"
    }

    /// The device's name, when it has a mark of this account.
    func device(_ mark: String?, of user: Identifier) -> String? {
        guard let parts = mark?.split(separator: ".", omittingEmptySubsequences: false), parts.count == 2,
            let code = OpaqueToken(String(parts[1])), let name = OpaqueToken(String(parts[0]))
        else { return nil }
        let expected = Data(self.code(name.description, user)).base64URL
        let isSame = zip(expected.utf8, code.description.utf8).reduce(into: UInt8(0)) { $0 |= $1.0 ^ $1.1 } == 0
        return isSame ? name.description : nil
    }

    private func code(_ name: String, _ user: Identifier) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Data("\(user) \(name)".utf8), using: key)
    }
}
