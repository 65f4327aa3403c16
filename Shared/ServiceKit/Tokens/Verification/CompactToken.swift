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

    private struct Issuer: Decodable {
        var iss: String
    }

    var keyID: String
    var algorithm: SigningAlgorithm
    /// Who has issued it, as it says.
    var issuer: String
    /// The claims, as JSON.
    var payload: Data
    /// What the signature covers: header, dot, payload.
    var signedBytes: Int
    var signature: [UInt8]

    /// `nil` for what is not a token that names its issuer, signed under a named key by a method that we know.
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
            self.payload = Data(payload)
            issuer = try WireJSON.decode(Issuer.self, from: self.payload).iss
        } catch {
            return nil
        }
        signedBytes = parts[2].startIndex - 1
        self.signature = signature
    }
}
