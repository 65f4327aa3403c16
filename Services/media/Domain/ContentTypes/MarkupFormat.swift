/// Formats that are text but mean something to a browser: told by how they start.
enum MarkupFormat {
    /// The type of a text that starts with `head`; `nil` for text like any other.
    static func type(of head: [UInt8]) -> String? {
        let text = Substring(String(decoding: head, as: UTF8.self)).dropByteOrderMark
        if text.hasPrefix("WEBVTT"), text.dropFirst(6).first.map({ $0.isWhitespace }) ?? true { return "text/vtt" }
        return markup(text.drop(while: \.isWhitespace))
    }

    /// Skips what may come before the root element (XML 1.0 §2.8), and tells by that.
    private static func markup(_ text: Substring) -> String? {
        var rest = text
        var isXML = false
        while rest.first == "<" {
            if rest.hasPrefix("<?xml") {
                isXML = true
                rest = rest.after("?>")
            } else if rest.hasPrefix("<?") {
                rest = rest.after("?>")
            } else if rest.hasPrefix("<!--") {
                rest = rest.after("-->")
            } else if rest.hasPrefix("<!") {
                let declaration = rest.prefix(200).lowercased()
                if declaration.hasPrefix("<!doctype html") { return "text/html" }
                guard declaration.hasPrefix("<!doctype svg") else { break }
                return "image/svg+xml"
            } else {
                return element(rest.dropFirst()) ?? (isXML ? "application/xml" : nil)
            }
            rest = rest.drop(while: \.isWhitespace)
        }
        if isXML { return "application/xml" }
        // A comment that fills the head, or is followed by text, is how only HTML starts.
        return text.hasPrefix("<!") ? "text/html" : nil
    }

    private static func element(_ text: Substring) -> String? {
        let name = text.prefix { $0.isLetter || $0.isNumber || $0 == ":" || $0 == "-" }
        if name == "svg" || name.hasSuffix(":svg") { return "image/svg+xml" }
        return htmlElements.contains(name.lowercased()) ? "text/html" : nil
    }

    /// Those that the WHATWG's MIME Sniffing standard §7.1 knows HTML by, and a few more that run scripts.
    private static let htmlElements: Set<String> = [
        "html", "head", "script", "iframe", "h1", "div", "font", "table", "a", "style", "title", "b", "body", "br",
        "p", "img", "object", "embed", "form", "link", "meta", "base", "math", "video", "audio",
    ]
}

extension Substring {
    fileprivate var dropByteOrderMark: Substring {
        unicodeScalars.first == "\u{FEFF}" ? Substring(unicodeScalars.dropFirst()) : self
    }

    fileprivate func after(_ mark: String) -> Substring {
        firstRange(of: mark).map { self[$0.upperBound...] } ?? ""
    }
}
