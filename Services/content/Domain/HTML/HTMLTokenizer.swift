/// Cuts HTML into text and tags, near enough to the HTML standard's tokenization (§13.2.5) for rewriting it: whatever it
/// takes for text is escaped anyway.
struct HTMLTokenizer {
    enum Token: Equatable {
        /// As it stands, with its character references.
        case text(ArraySlice<UInt8>)
        case startTag(name: String, attributes: [Attribute])
        case endTag(name: String)
    }

    struct Attribute: Equatable {
        /// In lower case.
        let name: String
        /// As it stands, with its character references.
        let value: ArraySlice<UInt8>
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ html: String) {
        bytes = Array(html.utf8)
    }

    /// `nil` at the end. A tag that the text ends in is left out, comments and declarations too.
    mutating func next() -> Token? {
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "<") else { return text() }
            switch byte(at: position + 1) {
            case UInt8(ascii: "!"), UInt8(ascii: "?"): skipMarkup()
            case UInt8(ascii: "/"):
                if Self.isLetter(byte(at: position + 2)) {
                    position += 2
                    guard let (name, _) = tag() else { return nil }
                    return .endTag(name: name)
                }
                // "</" before anything else begins a comment.
                skipMarkup()
            case let letter where Self.isLetter(letter):
                position += 1
                return tag().map { .startTag(name: $0, attributes: $1) }
            default: return text()
            }
        }
        return nil
    }

    /// Goes to the end tag `name`, past which the next token is; to the end without one.
    mutating func skip(pastEndOf name: String) {
        let name = Array(name.utf8)
        while position < bytes.count {
            let start = position
            position += 1
            guard bytes[start] == UInt8(ascii: "<"), byte(at: start + 1) == UInt8(ascii: "/") else { continue }
            let found = bytes[(start + 2)...].prefix(name.count).map(Self.lowercased)
            guard found == name, !Self.isNameByte(byte(at: start + 2 + name.count)) else { continue }
            position = start + 2
            _ = tag()
            return
        }
    }

    /// Up to the next "<", of which the first byte may be one.
    private mutating func text() -> Token {
        let start = position
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
        return .text(bytes[start..<position])
    }

    private mutating func skipMarkup() {
        let isComment = bytes[position...].starts(with: "<!--".utf8)
        guard isComment else {
            position = (bytes[position...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1) + 1
            return
        }
        position += 4
        // "<!-->" and "<!--->" are whole comments.
        if byte(at: position) == UInt8(ascii: ">") { return position += 1 }
        if bytes[position...].starts(with: "->".utf8) { return position += 2 }
        while position < bytes.count {
            let rest = bytes[position...]
            if rest.starts(with: "-->".utf8) { return position += 3 }
            if rest.starts(with: "--!>".utf8) { return position += 4 }
            position += 1
        }
    }

    /// The name that is next, and the attributes up to ">"; `nil` when the text ends before.
    private mutating func tag() -> (name: String, attributes: [Attribute])? {
        let name = takeName { !Self.isSpace($0) && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ">") }
        var attributes: [Attribute] = []
        var names: Set<String> = []
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: ">"):
                position += 1
                return (name, attributes)
            case let byte where Self.isSpace(byte) || byte == UInt8(ascii: "/"): position += 1
            default:
                let attribute = takeAttribute()
                if names.insert(attribute.name).inserted { attributes.append(attribute) }
            }
        }
        return nil
    }

    private mutating func takeAttribute() -> Attribute {
        // "=" in the first place belongs to the name.
        let start = position
        let name = takeName { byte in
            !Self.isSpace(byte) && byte != UInt8(ascii: "/") && byte != UInt8(ascii: ">")
        } until: { position, byte in
            position > start && byte == UInt8(ascii: "=")
        }
        skipSpace()
        guard byte(at: position) == UInt8(ascii: "="), position < bytes.count else {
            return Attribute(name: name, value: [])
        }
        position += 1
        skipSpace()
        return Attribute(name: name, value: takeValue())
    }

    private mutating func takeValue() -> ArraySlice<UInt8> {
        let quote = byte(at: position)
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            let start = position
            while position < bytes.count, !Self.isSpace(bytes[position]), bytes[position] != UInt8(ascii: ">") {
                position += 1
            }
            return bytes[start..<position]
        }
        let start = position + 1
        let end = bytes[start...].firstIndex(of: quote) ?? bytes.count
        position = min(end + 1, bytes.count)
        return bytes[start..<end]
    }

    private mutating func takeName(
        _ belongs: (UInt8) -> Bool, until ends: (Int, UInt8) -> Bool = { _, _ in false }
    ) -> String {
        let start = position
        while position < bytes.count, belongs(bytes[position]), !ends(position, bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position].map(Self.lowercased), as: UTF8.self)
    }

    private mutating func skipSpace() {
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    }

    /// 0 past the end.
    private func byte(at position: Int) -> UInt8 {
        position < bytes.count ? bytes[position] : 0
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0C || byte == 0x0D
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercased(byte))
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte != 0 && !isSpace(byte) && byte != UInt8(ascii: "/") && byte != UInt8(ascii: ">")
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 0x20 : byte
    }
}
