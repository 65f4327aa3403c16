import Crypto
import FoundationEssentials

/// A key that signs access tokens: ES256 (RFC 7518 §3.4).
struct SigningKey: Sendable {
    /// How long a new key is only published, so that all who verify know it before the first token comes. They ask
    /// every 2 s.
    static let lead: Duration = .seconds(10)

    /// Its JWK thumbprint (RFC 7638).
    let id: String
    let key: P256.Signing.PrivateKey
    let createdAt: Date
    let retiredAt: Date?

    init(_ key: P256.Signing.PrivateKey, createdAt: Date, retiredAt: Date? = nil) {
        self.key = key
        self.createdAt = createdAt
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
    /// The one to sign with: the newest that everybody has had time to learn, or else the oldest.
    func current(at now: Date) -> SigningKey? {
        let usable = filter { $0.retiredAt == nil }.sorted { $0.createdAt < $1.createdAt }
        let lead = Double(SigningKey.lead.components.seconds)
        return usable.last { now.timeIntervalSince($0.createdAt) >= lead } ?? usable.first
    }
}
