public import FoundationEssentials

/// The one JSON form in which Lyceum's processes talk: UTF-8, `snake_case` keys as the types name them,
/// times as RFC 3339 in UTC with milliseconds, keys in a fixed order.
public enum WireJSON {
    public static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Timestamp.text(of: date))
        }
        return try encoder.encode(value)
    }

    /// - Throws: `DecodingError`; `dataCorrupted` for text that is no JSON or nests deeper than 512 levels.
    public static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let date = Timestamp.parse(text) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "must be a time as in RFC 3339, such as 2026-03-01T08:30:00Z")
            }
            return date
        }
        return try decoder.decode(type, from: data)
    }
}
