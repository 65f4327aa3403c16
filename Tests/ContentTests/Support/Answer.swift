import FoundationEssentials
import HTTPTypes
import WireProtocol

/// What the service answered.
struct Answer: Sendable {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// `null` for what is no JSON.
    var json: JSONValue { (try? WireJSON.decode(JSONValue.self, from: Data(bytes))) ?? .null }

    subscript(_ member: String) -> JSONValue { json[member] }

    var etag: String? { headers[.eTag] }
    var items: [JSONValue] { json["items"].elements }
    var cursor: String? { json["next_cursor"].string }

    /// Of `errors`, in their order.
    var faultyFields: [String] { json["errors"].elements.compactMap { $0["field"].string } }
}

extension JSONValue {
    subscript(_ member: String) -> JSONValue {
        if case .object(let members) = self { members[member] ?? .null } else { .null }
    }

    var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }

    var int: Int? {
        if case .integer(let value) = self { Int(value) } else { nil }
    }

    var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    var text: String { (try? WireJSON.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "" }
}
