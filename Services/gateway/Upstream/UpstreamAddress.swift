/// Where a service is said to be: a name or an address, and a port. A name may stand for several addresses.
struct UpstreamAddress: Hashable, Sendable {
    var host: String
    var port: Int

    /// - Parameter url: `http://host[:port]`, IPv6 addresses in brackets; `nil` for anything else.
    init?(url: Substring) {
        guard url.hasPrefix("http://") else { return nil }
        var rest = url.dropFirst(7)
        if rest.last == "/" { rest.removeLast() }
        guard !rest.contains("/"), !rest.contains("@"), !rest.contains(" ") else { return nil }
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            host = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
        } else {
            let end = rest.firstIndex(of: ":") ?? rest.endIndex
            host = String(rest[..<end])
            rest = rest[end...]
        }
        guard !host.isEmpty else { return nil }
        if rest.isEmpty {
            port = 80
        } else {
            guard rest.first == ":", let number = Int(rest.dropFirst()), 1...65_535 ~= number else { return nil }
            port = number
        }
    }
}
