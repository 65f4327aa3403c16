import FoundationEssentials
import WireProtocol

/// An access token in its compact form (RFC 7515 §7.1), taken apart but not yet believed.
struct CompactToken {
    /// Longer ones are none of ours.
    static let maximumBytes = 4096

    private struct Header: Decodable {
        var alg: SigningAlgorithm
        var kid: String?
        /// RFC 7515 §4.1.11: extensions that must be understood. We understand none.
        var crit: [String]?
    }

    var keyID: String
    var algorithm: SigningAlgorithm
    var claims: TokenClaims
    /// What the signature covers: header, dot, payload.
    var signedBytes: Int
    var signature: [UInt8]

    /// `nil` for what is not a token with our claims, signed under a named key by a method that we know.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= Self.maximumBytes else { return nil }
        let parts = bytes.split(separator: 0x2E, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3,
            let header = Base64URL.decode(UnsafeRawBufferPointer(rebasing: parts[0])),
            let payload = Base64URL.decode(UnsafeRawBufferPointer(rebasing: parts[1])),
            let signature = Base64URL.decode(UnsafeRawBufferPointer(rebasing: parts[2]))
        else { return nil }
        do {
            let header = try WireJSON.decode(Header.self, from: Data(header))
            guard header.crit == nil, let keyID = header.kid else { return nil }
            self.keyID = keyID
            algorithm = header.alg
            claims = try WireJSON.decode(TokenClaims.self, from: Data(payload))
        } catch {
            return nil
        }
        signedBytes = parts[2].startIndex - 1
        self.signature = signature
    }
}

/// RFC 4648 §5 without padding, and strict: no stray bits, no other alphabet.
enum Base64URL {
    static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var bits: UInt32 = 0
        var held = 0
        for byte in text {
            guard let value = value(of: byte) else { return nil }
            bits = bits << 6 | value
            held += 6
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
            }
        }
        guard bits & ((1 << UInt32(held)) - 1) == 0 else { return nil }
        return bytes
    }

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte) - 0x41
        case 0x61...0x7A: UInt32(byte) - 0x61 + 26
        case 0x30...0x39: UInt32(byte) - 0x30 + 52
        case 0x2D: 62
        case 0x5F: 63
        default: nil
        }
    }
}
