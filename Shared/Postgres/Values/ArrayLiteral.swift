/// PostgreSQL's text form of a one-dimensional array (documentation, 8.15.6 "Array Input and Output Syntax").
enum ArrayLiteral {
    static func text(of elements: some Sequence<PostgresParameter>) -> String {
        var text = "{"
        for element in elements {
            if text.utf8.count > 1 { text += "," }
            switch element {
            case .null: text += "NULL"
            case .text(let value): appendQuoted(value, to: &text)
            case .binary(let bytes):
                text += "\"\\\\x"
                text += Hex.text(of: bytes)
                text += "\""
            }
        }
        text += "}"
        return text
    }

    /// Quotes every element, so that `NULL`, blanks and braces in it stay text.
    private static func appendQuoted(_ value: String, to text: inout String) {
        text += "\""
        guard value.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            text += value
            text += "\""
            return
        }
        for scalar in value.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(scalar)
        }
        text += "\""
    }
}
