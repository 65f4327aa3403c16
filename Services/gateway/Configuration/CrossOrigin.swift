/// Which web pages of other origins may call the platform (Fetch §3.2, "CORS"). Tokens travel in a header that only the
/// page's own script can set, so that no answer needs to allow credentials.
struct CrossOrigin: Sendable, Equatable {
    /// As `https://school.example.org`; `*` for every one. Empty: none.
    var origins: [String] = []
    /// For how long a browser may keep what it was allowed.
    var maximumAge = 600

    /// The value of `Access-Control-Allow-Origin`, `nil` for an origin that is not allowed.
    func allowed(_ origin: String) -> String? {
        origins.contains(origin) ? origin : origins.contains("*") ? "*" : nil
    }

    /// `nil` for what is no origin: scheme and host, with a port where it is not the usual one, and no slash behind.
    static func origin(_ text: String) -> String? {
        guard text != "*" else { return text }
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let grammar = HTTPGrammar()
        return !rest.isEmpty && rest.utf8.allSatisfy(grammar.host.contains) && rest == rest.lowercased() ? text : nil
    }

    /// Fields of answers that a page's script may read beside the few that it always may.
    static let exposedFields =
        "etag, location, link, content-language, content-disposition, retry-after, ratelimit-limit, "
        + "ratelimit-remaining, ratelimit-reset, x-request-id, www-authenticate"
    /// Fields of requests that a page's script may set.
    static let allowedFields =
        "authorization, content-type, accept-language, if-match, if-none-match, if-range, range, idempotency-key, "
        + "x-request-id, traceparent"
}
