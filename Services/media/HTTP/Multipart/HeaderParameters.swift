/// The value of a header field with parameters: `form-data; name="file"; filename="a.png"` (RFC 9110 §5.6.6,
/// RFC 6266 §4.1, RFC 2045 §5.1).
struct HeaderParameters: Sendable, Hashable {
    /// What stands before the first semicolon, in lower case.
    let value: String
    /// By name in lower case; of two with one name the first counts.
    private var parameters: [String: String] = [:]

    init(_ text: String) {
        var rest = text.unicodeScalars[...]
        value = String(rest.take { $0 != ";" }).trimmed.lowercased()
        while rest.popFirst() != nil {
            let name = String(rest.take { $0 != "=" && $0 != ";" }).trimmed.lowercased()
            guard rest.first == "=" else { continue }
            rest.removeFirst()
            _ = rest.take { $0.properties.isWhitespace }
            let parameter = rest.first == "\"" ? Self.quoted(&rest) : String(rest.take { $0 != ";" }).trimmed
            if !name.isEmpty && parameters[name] == nil { parameters[name] = parameter }
            // What stands between a closing quote and the next semicolon means nothing.
            _ = rest.take { $0 != ";" }
        }
    }

    subscript(name: String) -> String? { parameters[name] }

    /// The parameter `name*` in the form of RFC 8187 (once RFC 5987): `UTF-8''na%C3%AFve.txt`; `nil` when it is absent
    /// or broken.
    func extended(_ name: String) -> String? {
        guard let parts = parameters[name + "*"]?.split(separator: "'", omittingEmptySubsequences: false),
            parts.count == 3, let bytes = PercentEncoding.decode(parts[2])
        else { return nil }
        switch parts[0].lowercased() {
        case "utf-8": return String(validating: bytes, as: UTF8.self)
        case "iso-8859-1": return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        default: return nil
        }
    }

    /// A backslash quotes only a quote or a backslash: browsers send `filename="C:\images\a.png"` as it is.
    private static func quoted(_ rest: inout Substring.UnicodeScalarView) -> String {
        rest.removeFirst()
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst(), scalar != "\"" {
            if scalar == "\\", let next = rest.first, next == "\"" || next == "\\" {
                rest.removeFirst()
                text.append(next)
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }
}

extension Substring.UnicodeScalarView {
    /// Removes and answers the longest prefix whose scalars all satisfy `isTaken`.
    fileprivate mutating func take(while isTaken: (Unicode.Scalar) -> Bool) -> Substring.UnicodeScalarView {
        let prefix = self.prefix(while: isTaken)
        self = self[prefix.endIndex...]
        return prefix
    }
}

extension String {
    fileprivate var trimmed: String {
        let isBlank: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
        let start = unicodeScalars.drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(start[...last])
    }
}
