import FoundationEssentials
import WireProtocol

extension JSONValue {
    subscript(_ key: String) -> JSONValue {
        if case .object(let fields) = self { fields[key] ?? .null } else { .null }
    }

    subscript(_ index: Int) -> JSONValue {
        items.indices.contains(index) ? items[index] : .null
    }

    var items: [JSONValue] {
        if case .array(let items) = self { items } else { [] }
    }

    var keys: Set<String> {
        if case .object(let fields) = self { Set(fields.keys) } else { [] }
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

    var text: String {
        do {
            return String(decoding: try WireJSON.encode(self), as: UTF8.self)
        } catch {
            return "\(error)"
        }
    }

    /// The item whose field `key` is `value`.
    func first(where key: String, is value: String) -> JSONValue {
        items.first { $0[key].string == value } ?? .null
    }

    static func event(
        _ type: String = "view", _ knowledgeID: Int = 1, _ chapterID: String = "one", id: Identifier = Identifier(),
        seconds: Double? = nil, at time: String? = nil
    ) -> JSONValue {
        var fields: [String: JSONValue] = [
            "id": .string(id.description), "type": .string(type), "knowledge_id": .integer(Int64(knowledgeID)),
            "chapter_id": .string(chapterID),
        ]
        fields["seconds"] = seconds.map(JSONValue.number)
        fields["occurred_at"] = time.map(JSONValue.string)
        return .object(fields)
    }

    func with(_ key: String, _ value: JSONValue?) -> JSONValue {
        guard case .object(var fields) = self else { return self }
        fields[key] = value
        return .object(fields)
    }
}
