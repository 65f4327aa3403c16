/// A path as rules name it: `/auth/login` is that path alone, `/content/*` is `/content` and all below it, and
/// `/media/uploads/*/parts` has one segment, whichever it is, where the star is.
struct PathPattern: Sendable, Hashable {
    /// Without the star at the end.
    var path: String
    var coversBelow: Bool

    /// `nil` for what no request's path can be.
    init?(_ text: String) {
        coversBelow = text.hasSuffix("/*")
        path = coversBelow ? String(text.dropLast(2)) : text
        guard path.first == "/", path.count > 1,
            path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).allSatisfy(Self.isSegment)
        else { return nil }
    }

    /// Whether it is one path, and those below it at most.
    var isLiteral: Bool { !path.contains("*") }

    private static func isSegment(_ text: Substring) -> Bool {
        let grammar = HTTPGrammar()
        return text == "*"
            || !text.isEmpty && text.utf8.allSatisfy { grammar.path.contains($0) && $0 != 0x25 && $0 != 0x2A }
    }
}
