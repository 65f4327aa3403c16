import Crypto
import FoundationEssentials

/// A key that signs access tokens: ES256 (RFC 7518 §3.4).
struct SigningKey: Sendable {
    /// Its JWK thumbprint (RFC 7638).
    let id: String
    let key: P256.Signing.PrivateKey
    /// Since when it signs. A new key is published before, so that all who verify know it when the first token comes.
    let activeAt: Date
    /// Since when it signs no more. It is published until what it signed has expired.
    let retiredAt: Date?

    init(_ key: P256.Signing.PrivateKey, activeAt: Date, retiredAt: Date? = nil) {
        self.key = key
        self.activeAt = activeAt
        self.retiredAt = retiredAt
        let point = PublicPoint(key.publicKey)
        let thumbprint = #"{"crv":"P-256","kty":"EC","x":"\#(point.x)","y":"\#(point.y)"}"#
        id = Data(SHA256.hash(data: Data(thumbprint.utf8))).base64URL
    }

    var publicPoint: PublicPoint { PublicPoint(key.publicKey) }

    /// The coordinates of a public key as a JWK has them (RFC 7518 §6.2.1).
    struct PublicPoint: Sendable {
        let x: String
        let y: String

        init(_ key: P256.Signing.PublicKey) {
            x = Data(key.rawRepresentation.prefix(32)).base64URL
            y = Data(key.rawRepresentation.suffix(32)).base64URL
        }
    }
}

extension [SigningKey] {
    /// The one to sign with: of those that are not retired the newest whose time has come, or else the oldest.
    func current(at now: Date) -> SigningKey? {
        let usable = filter { $0.retiredAt.map { now < $0 } ?? true }.sorted { $0.activeAt < $1.activeAt }
        return usable.last { $0.activeAt <= now } ?? usable.first
    }
}
