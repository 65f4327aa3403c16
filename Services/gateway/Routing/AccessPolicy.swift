/// Which calls need no token. Deny by default: what is not listed needs a valid one.
///
/// Reading content and media is open here because only the services know what is published; they look at the token,
/// if there is one, themselves.
struct AccessPolicy: Sendable {
    private let exact: [(method: Method, path: StaticString)] = [
        (.post, "/auth/signup"), (.post, "/auth/login"), (.post, "/auth/refresh"), (.post, "/auth/password/forgot"),
        (.post, "/auth/password/reset"), (.post, "/auth/email/verify"), (.get, "/auth/.well-known/jwks.json"),
        (.get, "/health"), (.get, "/openapi.json"), (.get, "/docs"),
    ]
    private let readable: [StaticString] = ["/content", "/knowledge", "/graph", "/media"]

    func isPublic(_ method: Method, _ path: UnsafeRawBufferPointer) -> Bool {
        let method = method == .head ? .get : method
        if method == .get, readable.contains(where: path.isAtOrBelow) { return true }
        return exact.contains { $0.method == method && path.equals($0.path) }
    }
}
