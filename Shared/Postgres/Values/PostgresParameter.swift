/// What a parameter becomes on the wire. Text goes without a type, so that the server infers it from the statement
/// (PostgreSQL's documentation, 55.2.3 "Extended Query"); `bytea` goes in binary.
public enum PostgresParameter: Sendable, Equatable {
    case null
    /// Must not contain U+0000, which PostgreSQL can't store; refused with `PostgresError.invalidParameter`.
    case text(String)
    case binary([UInt8])
}

/// What can be a parameter of a statement or a field of a COPY row.
public protocol PostgresEncodable: PostgresArrayEncodable {
    var postgresParameter: PostgresParameter { get }
}

/// What can be the element of an array that is a parameter. Everything encodable can; `UInt8` only can, as `bytea`.
public protocol PostgresArrayEncodable: Sendable {
    static func postgresParameter(array: [Self]) -> PostgresParameter
}

extension PostgresEncodable {
    public static func postgresParameter(array: [Self]) -> PostgresParameter {
        .text(ArrayLiteral.text(of: array.lazy.map(\.postgresParameter)))
    }
}

extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
    public var postgresParameter: PostgresParameter { rawValue.postgresParameter }
}
