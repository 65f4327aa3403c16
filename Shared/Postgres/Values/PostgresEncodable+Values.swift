import FoundationEssentials

extension Int: PostgresEncodable {
    public var postgresParameter: PostgresParameter { .text(description) }
}

extension Int32: PostgresEncodable {
    public var postgresParameter: PostgresParameter { .text(description) }
}

extension Int64: PostgresEncodable {
    public var postgresParameter: PostgresParameter { .text(description) }
}

extension Double: PostgresEncodable {
    /// The shortest digits that read back as the same value; `nan`, `inf` and `-inf` as PostgreSQL spells them too.
    public var postgresParameter: PostgresParameter { .text(description) }
}

extension Bool: PostgresEncodable {
    public var postgresParameter: PostgresParameter { .text(self ? "t" : "f") }
}

extension String: PostgresEncodable {
    public var postgresParameter: PostgresParameter { .text(self) }
}

extension UUID: PostgresEncodable {
    public var postgresParameter: PostgresParameter { .text(uuidString) }
}

extension Date: PostgresEncodable {
    /// As `timestamptz`, in microseconds, which is all that PostgreSQL keeps. What is beyond its range (4713 BC to
    /// about 294000) is refused by the server with 22008.
    public var postgresParameter: PostgresParameter { .text(TimestampText.text(of: self)) }
}

extension Data: PostgresEncodable {
    public var postgresParameter: PostgresParameter { .binary(Array(self)) }
}

extension UInt8: PostgresArrayEncodable {
    public static func postgresParameter(array: [UInt8]) -> PostgresParameter { .binary(array) }
}

extension Optional: PostgresArrayEncodable where Wrapped: PostgresEncodable {}
extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    public var postgresParameter: PostgresParameter { self?.postgresParameter ?? .null }
}

extension Array: PostgresArrayEncodable where Element: PostgresArrayEncodable {}
extension Array: PostgresEncodable where Element: PostgresArrayEncodable {
    public var postgresParameter: PostgresParameter { Element.postgresParameter(array: self) }
}
