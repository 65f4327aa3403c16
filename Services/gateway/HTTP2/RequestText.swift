import NIOCore
import NIOHPACK

/// An HTTP/2 request's head as HTTP/1.1 writes it (RFC 9113 §8.3.1), so that one data path serves both. What could mean
/// something else there than it does here is refused.
struct RequestText {
    let head: ByteBuffer
    let isChunked: Bool

    /// - Parameter endsStream: whether no content follows.
    init?(_ headers: HPACKHeaders, endsStream: Bool) {
        let grammar = HTTPGrammar()
        var method: String?
        var path: String?
        var authority: String?
        var fields = ""
        var cookies: [String] = []
        var hasLength = false
        for (name, value, _) in headers {
            guard Self.isValue(value) else { return nil }
            switch name {
            case ":method": method = value
            case ":path": path = value
            case ":authority": authority = value
            case ":scheme": guard value == "https" || value == "http" else { return nil }
            case "host":
                guard authority == nil || authority == value else { return nil }
                authority = value
            case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade": return nil
            // RFC 9113 §8.2.2: nothing else may it say there.
            case "te": if value == "trailers" { fields += "te: trailers\r\n" }
            // RFC 9113 §8.2.3: split for compression, one field otherwise.
            case "cookie": cookies.append(value)
            default:
                guard Self.isName(name, grammar) else { return nil }
                if name == "content-length" { hasLength = true }
                fields += "\(name): \(value)\r\n"
            }
        }
        guard let method, let path, let authority, !method.isEmpty, !path.isEmpty,
            !(method + path).utf8.contains(where: { $0 <= 0x20 })
        else { return nil }
        isChunked = !endsStream && !hasLength
        var head = ByteBuffer()
        head.writeString("\(method) \(path) HTTP/1.1\r\nhost: \(authority)\r\n\(fields)")
        if !cookies.isEmpty { head.writeString("cookie: \(cookies.joined(separator: "; "))\r\n") }
        if isChunked { head.writeStaticString("transfer-encoding: chunked\r\n") }
        head.writeStaticString("\r\n")
        self.head = head
    }

    /// A trailer section as HTTP/1.1 writes it, each line with its CR LF; `nil` for what has no place there.
    static func trailers(_ headers: HPACKHeaders) -> String? {
        let grammar = HTTPGrammar()
        var lines = ""
        for (name, value, _) in headers {
            guard isName(name, grammar), isValue(value) else { return nil }
            lines += "\(name): \(value)\r\n"
        }
        return lines
    }

    /// RFC 9113 §8.2: no upper-case letters.
    private static func isName(_ name: String, _ grammar: HTTPGrammar) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { grammar.token.contains($0) && !(0x41...0x5A ~= $0) }
    }

    private static func isValue(_ value: String) -> Bool {
        !value.utf8.contains { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }
    }
}
