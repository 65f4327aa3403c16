import WireProtocol

extension JSONValue {
    /// Whether a string or a member's name in it has the character U+0000.
    var containsNull: Bool {
        switch self {
        case .null, .bool, .integer, .number: false
        case .string(let text): text.unicodeScalars.contains("\0")
        case .array(let values): values.contains(where: \.containsNull)
        case .object(let members):
            members.contains { $0.key.unicodeScalars.contains("\0") || $0.value.containsNull }
        }
    }
}
