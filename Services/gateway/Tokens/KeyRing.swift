import Crypto
import FoundationEssentials
import WireProtocol

/// Auth's public keys, by `kid`.
struct KeyRing: Sendable, Equatable {
    private struct Key: Decodable {
        var kty: String
        var crv: String?
        var kid: String?
        var x: String?
        var y: String?
    }

    private struct KeySet: Decodable {
        var keys: [Key]
    }

    private var keys: [String: P256.Signing.PublicKey] = [:]

    /// No keys: no token can be judged.
    init() {}

    /// - Parameter json: a JWK set (RFC 7517 §5). Keys of other kinds are left out, as §5 asks.
    /// - Throws: `DecodingError`; `CryptoKitError` for a point that is not on the curve.
    init(json: Data) throws {
        for key in try WireJSON.decode(KeySet.self, from: json).keys where key.kty == "EC" && key.crv == "P-256" {
            guard let kid = key.kid, let x = key.x.flatMap(Self.coordinate), let y = key.y.flatMap(Self.coordinate)
            else { continue }
            keys[kid] = try P256.Signing.PublicKey(rawRepresentation: x + y)
        }
    }

    var isEmpty: Bool { keys.isEmpty }

    func key(_ id: String) -> P256.Signing.PublicKey? { keys[id] }

    /// Whether every key of `other` is here too, so that what those signed is still good.
    func covers(_ other: KeyRing) -> Bool {
        other.keys.allSatisfy { keys[$0.key]?.rawRepresentation == $0.value.rawRepresentation }
    }

    static func == (one: KeyRing, other: KeyRing) -> Bool {
        one.covers(other) && other.covers(one)
    }

    /// RFC 7518 §6.2.1.2 says base64url; there are issuers that write the other alphabet, or padding.
    private static func coordinate(_ text: String) -> [UInt8]? {
        var text = text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        let bytes = text.withUTF8 { Base64URL.decode(UnsafeRawBufferPointer($0)) }
        return bytes?.count == 32 ? bytes : nil
    }
}
