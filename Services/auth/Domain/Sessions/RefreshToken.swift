import Crypto
import FoundationEssentials

/// The secret with which a client gets its next access token: 256 random bits, as base64url without padding.
struct RefreshToken: Sendable, Hashable, LosslessStringConvertible {
    let description: String

    /// A new one.
    init() {
        self.init(bytes: SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) })
    }

    /// `nil` for what can't be one.
    init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.count == 43, bytes.allSatisfy(Self.isDigit) else { return nil }
        description = text
    }

    private init(bytes: Data) {
        description = bytes.base64URL
    }

    /// SHA-256: all that is kept of it.
    var hash: [UInt8] {
        Array(SHA256.hash(data: Data(description.utf8)))
    }

    /// The token that follows this one: the same for the same nonce, and not to be found without this token.
    ///
    /// So a client that repeats a refresh because the answer got lost gets the same successor, though that is nowhere
    /// kept in clear.
    func successor(nonce: [UInt8]) -> RefreshToken {
        let key = SymmetricKey(data: Data(description.utf8))
        return RefreshToken(bytes: Data(HMAC<SHA256>.authenticationCode(for: nonce, using: key)))
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension Data {
    /// RFC 4648 §5, without padding.
    var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
