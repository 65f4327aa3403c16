import Crypto
import FoundationEssentials

/// A secret that means nothing by itself: 256 random bits, as base64url without padding.
struct OpaqueToken: Sendable, Hashable, LosslessStringConvertible {
    let description: String

    /// A new one.
    init() {
        self.init(bytes: SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) })
    }

    /// - Parameter bytes: 32, that nobody can guess.
    init(bytes: Data) {
        description = bytes.base64URL
    }

    /// `nil` for what can't be one.
    init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.count == 43, bytes.allSatisfy(Self.isDigit) else { return nil }
        description = text
    }

    /// SHA-256: all that is kept of it.
    var hash: [UInt8] {
        Array(SHA256.hash(data: Data(description.utf8)))
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
