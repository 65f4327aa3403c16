import Crypto
import CryptoExtras
public import FoundationEssentials
import WireProtocol

/// An issuer's public keys, by `kid`.
public struct KeyRing: Sendable, Equatable {
    private struct Key: Decodable {
        var kty: String
        var crv: String?
        var kid: String?
        var use: String?
        var alg: String?
        var x: String?
        var y: String?
        var n: String?
        var e: String?
    }

    private struct KeySet: Decodable {
        var keys: [Key]
    }

    private var keys: [String: VerificationKey] = [:]

    /// No keys: no token can be judged.
    public init() {}

    /// - Parameter json: a JWK set (RFC 7517 §5). Keys of other kinds, and those that are none, such as a point that is
    ///   not on the curve, are left out, as §5 asks: what is taken is EC on P-256 for ES256, OKP on Ed25519 for EdDSA, and
    ///   RSA of 2048 bits or more for RS256.
    /// - Throws: `DecodingError`.
    public init(json: Data) throws {
        for key in try WireJSON.decode(KeySet.self, from: json).keys where key.use == nil || key.use == "sig" {
            guard let kid = key.kid, let known = Self.read(key) else { continue }
            guard key.alg == nil || key.alg == known.algorithm.rawValue else { continue }
            keys[kid] = known
        }
    }

    var isEmpty: Bool { keys.isEmpty }

    func key(_ id: String) -> VerificationKey? { keys[id] }

    /// Whether every key of `other` is here too, so that what those signed is still good.
    func covers(_ other: KeyRing) -> Bool {
        other.keys.allSatisfy { keys[$0.key] == $0.value }
    }

    private static func read(_ key: Key) -> VerificationKey? {
        switch (key.kty, key.crv) {
        case ("EC", "P-256"):
            guard let x = bytes(key.x), let y = bytes(key.y), x.count == 32, y.count == 32 else { return nil }
            return (try? P256.Signing.PublicKey(rawRepresentation: x + y)).map { .p256($0) }
        case ("OKP", "Ed25519"):
            guard let x = bytes(key.x) else { return nil }
            return (try? Curve25519.Signing.PublicKey(rawRepresentation: x)).map { .ed25519($0) }
        case ("RSA", _):
            guard let modulus = bytes(key.n), let exponent = bytes(key.e) else { return nil }
            return (try? _RSA.Signing.PublicKey(n: modulus, e: exponent)).map { .rsa($0) }
        default: return nil
        }
    }

    /// RFC 7518 §6.2.1.2 says base64url; there are issuers that write the other alphabet, or padding.
    private static func bytes(_ text: String?) -> [UInt8]? {
        guard let text else { return nil }
        var plain = text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return plain.withUTF8 { Base64URL.decode(UnsafeRawBufferPointer($0)) }
    }
}
