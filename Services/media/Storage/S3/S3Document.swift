/// One element of S3's answers: XML with elements and text, in which attributes and namespaces carry nothing.
struct S3Document: Sendable, Equatable {
    let name: String
    let text: String
    let children: [S3Document]

    /// How deep elements may be nested; S3's own answers have four levels.
    private static let maximumDepth = 16

    /// - Throws: ``S3DocumentFault`` for what is not such a document.
    init(_ xml: String) throws(S3DocumentFault) {
        var reader = Reader(rest: xml[...])
        try reader.skipProlog()
        self = try reader.element(depth: 0)
    }

    private init(name: String, text: String, children: [S3Document]) {
        self.name = name
        self.text = text
        self.children = children
    }

    func all(_ name: String) -> [S3Document] { children.filter { $0.name == name } }

    /// The text of the first child of that name.
    subscript(_ name: String) -> String? { children.first { $0.name == name }?.text }

    private struct Reader {
        var rest: Substring

        /// Declarations and comments before the document's element.
        mutating func skipProlog() throws(S3DocumentFault) {
            while true {
                rest = rest.drop(while: \.isWhitespace)
                guard rest.hasPrefix("<?") || rest.hasPrefix("<!--") else { return }
                _ = try take(upTo: rest.hasPrefix("<?") ? "?>" : "-->")
            }
        }

        mutating func element(depth: Int) throws(S3DocumentFault) -> S3Document {
            guard depth < S3Document.maximumDepth, rest.hasPrefix("<") else { throw S3DocumentFault() }
            let tag = try take(upTo: ">").dropFirst()
            let name = tag.prefix { !$0.isWhitespace && $0 != "/" }
            guard !name.isEmpty else { throw S3DocumentFault() }
            if tag.hasSuffix("/") { return S3Document(name: String(name), text: "", children: []) }
            var text = ""
            var children: [S3Document] = []
            while true {
                text += try decoded(take(before: "<"))
                if rest.hasPrefix("</") {
                    guard try take(upTo: ">").dropFirst(2).prefix(while: { !$0.isWhitespace }) == name else {
                        throw S3DocumentFault()
                    }
                    return S3Document(name: String(name), text: text, children: children)
                }
                children.append(try element(depth: depth + 1))
            }
        }

        /// What comes before `end`, and `end` is passed.
        private mutating func take(upTo end: String) throws(S3DocumentFault) -> Substring {
            guard let range = rest.firstRange(of: end) else { throw S3DocumentFault() }
            defer { rest = rest[range.upperBound...] }
            return rest[..<range.lowerBound]
        }

        private mutating func take(before end: Character) throws(S3DocumentFault) -> Substring {
            guard let index = rest.firstIndex(of: end) else { throw S3DocumentFault() }
            defer { rest = rest[index...] }
            return rest[..<index]
        }

        private func decoded(_ text: Substring) throws(S3DocumentFault) -> String {
            guard text.contains("&") else { return String(text) }
            var result = ""
            var rest = text
            while let start = rest.firstIndex(of: "&") {
                result += rest[..<start]
                guard let end = rest[start...].firstIndex(of: ";"),
                    let scalar = Self.scalar(rest[rest.index(after: start)..<end])
                else { throw S3DocumentFault() }
                result.unicodeScalars.append(scalar)
                rest = rest[rest.index(after: end)...]
            }
            return result + rest
        }

        private static func scalar(_ entity: Substring) -> Unicode.Scalar? {
            switch entity {
            case "amp": "&"
            case "lt": "<"
            case "gt": ">"
            case "quot": "\""
            case "apos": "'"
            case let number where number.hasPrefix("#x"):
                UInt32(number.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
            case let number where number.hasPrefix("#"): UInt32(number.dropFirst()).flatMap(Unicode.Scalar.init)
            default: nil
            }
        }
    }
}

struct S3DocumentFault: Error {}
