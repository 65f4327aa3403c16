/// Which HTML a text may have: what lessons are written with, and nothing that runs, loads frames, takes input, or
/// changes how the page around it looks. Kept in step with the list in `openapi.yaml`.
enum HTMLPolicy {
    /// Without content, and without an end tag.
    static let voidElements: Set<String> = ["br", "col", "hr", "img", "source", "wbr"]

    static let elements: Set<String> = voidElements.union([
        "a", "abbr", "article", "aside", "audio", "b", "bdi", "bdo", "blockquote", "caption", "cite", "code",
        "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1",
        "h2", "h3", "h4", "h5", "h6", "header", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt",
        "ruby", "s", "samp", "section", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
        "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "video",
    ])

    /// Elements that go with all that is in them; of any other that is not allowed the content stays.
    static let removedWhole: Set<String> = [
        "applet", "embed", "frameset", "iframe", "math", "noembed", "noframes", "noscript", "object", "plaintext",
        "script", "select", "style", "svg", "template", "textarea", "title", "xmp",
    ]

    /// Nested deeper than this, tags are left out.
    static let maximumDepth = 100

    private static let anywhere: Set<String> = ["dir", "lang", "title"]
    private static let attributes: [String: Set<String>] = [
        "a": ["href"], "audio": ["controls", "src"], "blockquote": ["cite"], "code": ["class"], "col": ["span"],
        "colgroup": ["span"], "del": ["cite", "datetime"], "details": ["open"],
        "img": ["alt", "height", "src", "width"],
        "ins": ["cite", "datetime"], "li": ["value"], "ol": ["reversed", "start", "type"], "pre": ["class"],
        "q": ["cite"], "source": ["src", "type"], "td": ["colspan", "rowspan"],
        "th": ["abbr", "colspan", "rowspan", "scope"], "time": ["datetime"],
        "video": ["controls", "height", "poster", "src", "width"],
    ]
    private static let urls: Set<String> = ["cite", "href", "poster", "src"]

    static func allows(_ attribute: String, of element: String) -> Bool {
        anywhere.contains(attribute) || attributes[element]?.contains(attribute) == true
    }

    static func isURL(_ attribute: String) -> Bool { urls.contains(attribute) }

    /// Links may also write a mail; what a page loads by itself comes by HTTP, or from where the page is.
    static func schemes(of attribute: String) -> Set<String> {
        attribute == "href" ? ["http", "https", "mailto"] : ["http", "https"]
    }

    /// The one class that is allowed says in which language code is written.
    static func isLanguageClass(_ value: String) -> Bool {
        value.hasPrefix("language-") && value.utf8.count <= 40
            && value.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (0x30...0x39).contains($0)
                    || [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "#")].contains($0)
            }
    }

    /// Open elements that end where `element` begins, as far as they are the innermost one.
    static func endsBefore(_ element: String) -> Set<String> {
        switch element {
        case "li": ["li", "p"]
        case "dt", "dd": ["dt", "dd", "p"]
        case "tr": ["tr", "td", "th", "p"]
        case "td", "th": ["td", "th", "p"]
        case "tbody", "tfoot": ["thead", "tbody", "tr", "td", "th", "p"]
        case "article", "aside", "blockquote", "details", "div", "dl", "figure", "footer", "h1", "h2", "h3", "h4", "h5",
            "h6", "header", "hr", "ol", "p", "pre", "section", "table", "ul":
            ["p"]
        default: []
        }
    }
}
