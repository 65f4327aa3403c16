/// A field of a PATCH (RFC 7396): absent means keep, `null` means clear.
public enum FieldChange<Value> {
    case keep
    case clear
    case set(Value)

    /// What the field is after the change, given what it was.
    public func applied(to old: Value?) -> Value? {
        switch self {
        case .keep: old
        case .clear: nil
        case .set(let value): value
        }
    }
}

extension FieldChange: Sendable where Value: Sendable {}
extension FieldChange: Equatable where Value: Equatable {}

extension FieldChange: Decodable where Value: Decodable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = container.decodeNil() ? .clear : .set(try container.decode(Value.self))
    }
}

extension KeyedDecodingContainer {
    public func decode<Value: Decodable>(_ type: FieldChange<Value>.Type, forKey key: Key) throws
        -> FieldChange<Value>
    {
        guard contains(key) else { return .keep }
        return try decodeNil(forKey: key) ? .clear : .set(try decode(Value.self, forKey: key))
    }
}
