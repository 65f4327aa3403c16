/// A path as rules name it: `/auth/login` is that path alone, `/content/*` is `/content` and all below it.
struct PathPattern: Sendable, Hashable {
    var path: String
    var coversBelow: Bool

    /// `nil` for what no request's path can be.
    init?(_ text: String) {
        coversBelow = text.hasSuffix("/*")
        path = coversBelow ? String(text.dropLast(2)) : text
        let grammar = HTTPGrammar()
        guard path.first == "/", path.count > 1, path.last != "/", !path.contains("//"),
            path.utf8.allSatisfy({ grammar.path.contains($0) && $0 != 0x25 && $0 != 0x2A })
        else { return nil }
    }
}
