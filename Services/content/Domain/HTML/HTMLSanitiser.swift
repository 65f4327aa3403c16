/// Rewrites HTML so that only what ``HTMLPolicy`` allows is left, every element is closed, and every character that
/// could begin a tag or end an attribute is a reference. The result is written from what was understood, so that
/// nothing which was misunderstood can come through as markup. Doing it again changes nothing.
struct HTMLSanitiser {
    private var output: [UInt8] = []
    private var open: [String] = []

    static func sanitised(_ html: String) -> String {
        var sanitiser = HTMLSanitiser()
        var tokenizer = HTMLTokenizer(html)
        while let token = tokenizer.next() {
            switch token {
            case .text(let text): sanitiser.write(text, in: .text)
            case .startTag(let name, _) where HTMLPolicy.removedWhole.contains(name): tokenizer.skip(pastEndOf: name)
            case .startTag(let name, let attributes): sanitiser.start(name, attributes)
            case .endTag(let name): sanitiser.end(name)
            }
        }
        while !sanitiser.open.isEmpty { sanitiser.endInnermost() }
        return String(decoding: sanitiser.output, as: UTF8.self)
    }

    /// Text that is no HTML, as HTML.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    private enum Place { case text, attribute }

    private mutating func start(_ name: String, _ attributes: [HTMLTokenizer.Attribute]) {
        guard HTMLPolicy.elements.contains(name) else { return }
        let ended = HTMLPolicy.endsBefore(name)
        while let innermost = open.last, ended.contains(innermost) { endInnermost() }
        guard open.count < HTMLPolicy.maximumDepth else { return }
        output += "<\(name)".utf8
        for attribute in attributes where HTMLPolicy.allows(attribute.name, of: name) { write(attribute) }
        output.append(UInt8(ascii: ">"))
        if !HTMLPolicy.voidElements.contains(name) { open.append(name) }
    }

    private mutating func end(_ name: String) {
        guard open.contains(name) else { return }
        while let innermost = open.last {
            endInnermost()
            if innermost == name { return }
        }
    }

    private mutating func endInnermost() {
        guard let name = open.popLast() else { return }
        output += "</\(name)>".utf8
    }

    private mutating func write(_ attribute: HTMLTokenizer.Attribute) {
        if HTMLPolicy.isURL(attribute.name) {
            guard let url = Self.url(attribute.value, schemes: HTMLPolicy.schemes(of: attribute.name)) else { return }
            output += " \(attribute.name)=\"".utf8
            write(ArraySlice(url.replacing("&", with: "&amp;").utf8), in: .attribute)
        } else {
            let isClass = attribute.name == "class"
            if isClass, !HTMLPolicy.isLanguageClass(String(decoding: attribute.value, as: UTF8.self)) { return }
            output += " \(attribute.name)=\"".utf8
            write(attribute.value, in: .attribute)
        }
        output.append(UInt8(ascii: "\""))
    }

    private mutating func write(_ text: ArraySlice<UInt8>, in place: Place) {
        for (index, byte) in zip(text.indices, text) {
            switch byte {
            case UInt8(ascii: "<"): output += "&lt;".utf8
            case UInt8(ascii: ">"): output += "&gt;".utf8
            case UInt8(ascii: "\"") where place == .attribute: output += "&quot;".utf8
            case UInt8(ascii: "&") where CharacterReferences.length(at: text[index...]) == nil: output += "&amp;".utf8
            default: output.append(byte)
            }
        }
    }

    /// As a browser would read it (URL standard §4.4): without what it takes out; `nil` when its scheme is not one of
    /// `schemes`, or it has control characters.
    private static func url(_ value: ArraySlice<UInt8>, schemes: Set<String>) -> String? {
        let text = CharacterReferences.undone(in: value).unicodeScalars
            .filter { $0 != "\t" && $0 != "\n" && $0 != "\r" }
        let url = text.drop { $0.value <= 0x20 }
        guard !url.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return nil }
        let trimmed = String(String.UnicodeScalarView(url.reversed().drop { $0.value <= 0x20 }.reversed()))
        guard let end = trimmed.utf8.firstIndex(where: { [0x3A, 0x2F, 0x3F, 0x23].contains($0) }),
            trimmed.utf8[end] == UInt8(ascii: ":")
        else { return trimmed }
        return schemes.contains(trimmed[..<end].lowercased()) ? trimmed : nil
    }
}
