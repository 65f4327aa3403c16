/// The methods that the platform serves. Others that a client may know are 405, all else is 501 (RFC 9110 §9.1).
enum Method: UInt8, Sendable, CaseIterable {
    case get, head, post, put, patch, delete, options

    init?(_ bytes: UnsafeRawBufferPointer) {
        if bytes.equals("GET") {
            self = .get
        } else if bytes.equals("POST") {
            self = .post
        } else if bytes.equals("PUT") {
            self = .put
        } else if bytes.equals("HEAD") {
            self = .head
        } else if bytes.equals("PATCH") {
            self = .patch
        } else if bytes.equals("DELETE") {
            self = .delete
        } else if bytes.equals("OPTIONS") {
            self = .options
        } else {
            return nil
        }
    }

    /// TRACE would show a request's credentials, CONNECT make a tunnel: neither is for a reverse proxy. QUERY has no route.
    static func isForbidden(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.equals("TRACE") || bytes.equals("CONNECT") || bytes.equals("QUERY")
    }

    /// The members of Allow for what any path may serve.
    static let allowed = allCases.map { "\($0.name)" }.joined(separator: ", ")

    /// RFC 9110 §9.2.2: sent twice it does what it does once.
    var isIdempotent: Bool {
        switch self {
        case .post, .patch: false
        default: true
        }
    }

    var name: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        }
    }
}
