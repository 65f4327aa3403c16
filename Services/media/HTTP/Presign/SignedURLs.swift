import FoundationEssentials
import HTTPTypes
import Hummingbird
import ServiceKit
import WireProtocol

/// Signed URLs as clients get and use them.
struct SignedURLs: Sendable {
    let signer: URLSigner
    /// Where clients reach the gateway; `nil`: at the host that their request names.
    let publicURL: String?

    func url(for method: HTTPRequest.Method, _ path: String, until expiry: Date, asked request: Request) -> String {
        "\(publicURL ?? Self.origin(of: request))\(path)?\(signer.query(for: method, path, until: expiry))"
    }

    /// Whether the request comes by a signed URL.
    ///
    /// - Parameters:
    ///   - method: what the signature is for; a URL that is signed for GET is good for HEAD as well.
    ///   - path: the path in the one form in which it was signed.
    /// - Throws: 403 for a signature that has expired or isn't ours.
    func verify(_ request: Request, for method: HTTPRequest.Method, _ path: String) throws -> Bool {
        var query = QueryReader(request)
        let signature = query.string("signature")
        let expires = query.integer("expires", in: 0...Int.max)
        try query.finish()
        guard signature != nil || expires != nil else { return false }
        guard let signature, let expires else { throw MediaError.badSignature }
        try signer.verify(signature, expires: expires, for: method, path)
        return true
    }

    /// Whoever forges these fields gets the forgery back, and nobody else does.
    private static func origin(of request: Request) -> String {
        let scheme = request.headers[.forwardedProto] ?? "http"
        let host = request.headers[.forwardedHost] ?? request.head.authority ?? "localhost"
        return "\(scheme == "https" ? "https" : "http")://\(host)"
    }
}

extension HTTPField.Name {
    fileprivate static let forwardedProto = Self(HeaderName.forwardedProto)!
    fileprivate static let forwardedHost = Self(HeaderName.forwardedHost)!
}
