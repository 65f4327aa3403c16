import Crypto
import FoundationEssentials
import HTTPTypes

/// Signs calls, so that whoever holds the URL may make this one call until it expires: HMAC-SHA-256 over method, path
/// and expiry. All replicas sign alike.
struct URLSigner: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: from it a key for this purpose only is derived (HKDF, RFC 5869).
    init(secret: String) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Array(secret.utf8)), info: Array("media: signed URLs".utf8),
            outputByteCount: 32)
    }

    /// The query that makes the call good: `expires=…&signature=…`.
    func query(for method: HTTPRequest.Method, _ path: String, until expiry: Date) -> String {
        let expires = Int(expiry.timeIntervalSince1970)
        let code = HMAC<SHA256>.authenticationCode(for: Self.message(method, path, expires), using: key)
        return "expires=\(expires)&signature=\(Array(code).hexadecimal)"
    }

    /// - Throws: ``MediaError/badSignature``.
    func verify(_ signature: String, expires: Int, for method: HTTPRequest.Method, _ path: String, now: Date = Date())
        throws(MediaError)
    {
        guard Double(expires) > now.timeIntervalSince1970, let code = [UInt8](hexadecimal: signature),
            HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: Self.message(method, path, expires), using: key)
        else { throw .badSignature }
    }

    private static func message(_ method: HTTPRequest.Method, _ path: String, _ expires: Int) -> [UInt8] {
        Array("\(method.rawValue)\n\(path)\n\(expires)".utf8)
    }
}
