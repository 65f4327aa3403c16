import ServiceKit
import WireProtocol

extension Validation {
    /// `jsonb` can't hold U+0000.
    mutating func metadata(_ value: [String: JSONValue], _ field: String) {
        check(!JSONValue.object(value).containsNull, field, "must not contain the character U+0000")
    }
}
