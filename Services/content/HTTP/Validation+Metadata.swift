import ServiceKit
import WireProtocol

extension Validation {
    /// `jsonb` can't hold U+0000.
    mutating func metadata(_ value: [String: JSONValue], _ field: String) {
        check(!JSONValue.object(value).containsNull, field, "must not contain the character U+0000")
    }
}

extension JSONValue {
    fileprivate var containsNull: Bool {
        switch self {
        case .null, .bool, .integer, .number: false
        case .string(let text): text.unicodeScalars.contains("\0")
        case .array(let values): values.contains(where: \.containsNull)
        case .object(let members):
            members.contains { $0.key.unicodeScalars.contains("\0") || $0.value.containsNull }
        }
    }
}
