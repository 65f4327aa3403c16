/// How a token is signed (RFC 7518 §3.1, RFC 8037 §3.1).
public enum SigningAlgorithm: String, Sendable, Decodable, CaseIterable {
    case es256 = "ES256"
    case edDSA = "EdDSA"
    case rs256 = "RS256"
}
