/// What a column's value can become. Conversions are exact: no text is parsed as a number, nothing is truncated.
public protocol PostgresDecodable: PostgresArrayDecodable {
    /// - Throws: `PostgresDecodingError` when the cell is NULL, of another type, or beyond what `Self` holds.
    static func decode(_ cell: PostgresCell) throws -> Self
}

/// What can be the element of an array. Everything decodable can; `UInt8` only can, from `bytea`.
public protocol PostgresArrayDecodable {
    static func decodeArray(_ cell: PostgresCell) throws -> [Self]
}

extension PostgresDecodable {
    public static func decodeArray(_ cell: PostgresCell) throws -> [Self] {
        try cell.elements().map(Self.decode)
    }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    public static func decode(_ cell: PostgresCell) throws -> Self {
        guard let value = Self(rawValue: try RawValue.decode(cell)) else {
            throw cell.mismatch(Self.self, .notRepresentable)
        }
        return value
    }
}
