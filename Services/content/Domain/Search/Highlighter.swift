/// Marks the words of a search where they stand literally, in any case: for languages in which no word is inflected as
/// far as the search knows.
struct Highlighter: Sendable {
    /// Characters of a body that are looked through.
    static let searchedLength = 20_000
    /// Characters of an excerpt, without what is marked in it.
    static let excerptLength = 160

    private let terms: [[UInt32]]

    /// - Parameter words: as `websearch_to_tsquery` reads them; what is excluded, or an operator, is not marked.
    init(words: String) {
        terms = words.replacing("\"", with: " ").split(whereSeparator: \.isWhitespace)
            .filter { !$0.hasPrefix("-") && $0.lowercased() != "or" }
            .map { $0.unicodeScalars.map(Self.folded) }
            .sorted { $0.count > $1.count }
    }

    func highlight(title: String, body: String, format: ContentFormat) -> Highlight {
        let body = body.unicodeScalars.prefix(Self.searchedLength)
        let text = format == .html ? Self.withoutTags(body) : Array(body)
        return Highlight(
            title: marked(Array(title.unicodeScalars)[...], .plain), body: marked(excerpt(of: text), format))
    }

    /// The part around the first term, else the beginning.
    private func excerpt(of text: [Unicode.Scalar]) -> ArraySlice<Unicode.Scalar> {
        let first = matches(in: text[...]).first?.lowerBound ?? 0
        let start = max(0, first - Self.excerptLength / 4)
        return text[start..<min(text.count, start + Self.excerptLength)]
    }

    private func marked(_ text: ArraySlice<Unicode.Scalar>, _ format: ContentFormat) -> String {
        var html = ""
        var position = text.startIndex
        for match in matches(in: text) {
            html += Self.escaped(text[position..<match.lowerBound], format)
            html += "<mark>" + Self.escaped(text[match], format) + "</mark>"
            position = match.upperBound
        }
        return html + Self.escaped(text[position...], format)
    }

    /// Of terms that begin at one place the longest; none overlap.
    private func matches(in text: ArraySlice<Unicode.Scalar>) -> [Range<Int>] {
        let folded = text.map(Self.folded)
        var matches: [Range<Int>] = []
        var position = 0
        while position < folded.count {
            let rest = folded[position...]
            guard let term = terms.first(where: { rest.first == $0.first && rest.starts(with: $0) }), !term.isEmpty
            else {
                position += 1
                continue
            }
            let start = text.startIndex + position
            matches.append(start..<start + term.count)
            position += term.count
        }
        return matches
    }

    private static func folded(_ scalar: Unicode.Scalar) -> UInt32 {
        guard scalar.value >= 0x80 else {
            return (0x41...0x5A).contains(scalar.value) ? scalar.value + 0x20 : scalar.value
        }
        let mapping = scalar.properties.lowercaseMapping.unicodeScalars
        return mapping.count == 1 ? mapping[mapping.startIndex].value : scalar.value
    }

    private static func withoutTags(_ text: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
        var isInTag = false
        return text.filter { scalar in
            if scalar == "<" { isInTag = true }
            defer { if scalar == ">" { isInTag = false } }
            return !isInTag
        }
    }

    /// HTML has character references of its own, which stay.
    private static func escaped(_ text: ArraySlice<Unicode.Scalar>, _ format: ContentFormat) -> String {
        var html = String.UnicodeScalarView()
        for scalar in text {
            switch scalar {
            case "&" where format != .html: html.append(contentsOf: "&amp;".unicodeScalars)
            case "<": html.append(contentsOf: "&lt;".unicodeScalars)
            case ">": html.append(contentsOf: "&gt;".unicodeScalars)
            default: html.append(scalar)
            }
        }
        return String(html)
    }
}
