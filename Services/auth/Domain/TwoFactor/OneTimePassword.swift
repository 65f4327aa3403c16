import Crypto
import FoundationEssentials

/// HOTP (RFC 4226 §5.3), with SHA-1: what authenticator apps compute. Its security does not rest on SHA-1 being free of
/// collisions.
enum OneTimePassword {
    static func code(secret: [UInt8], counter: UInt64, digits: Int) -> String {
        let message = withUnsafeBytes(of: counter.bigEndian) { Array($0) }
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: SymmetricKey(data: secret)))
        let offset = Int(mac[19] & 0xF)
        let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let digitsOfAll = String(number).suffix(digits)
        return String(repeating: "0", count: digits - digitsOfAll.count) + digitsOfAll
    }
}
