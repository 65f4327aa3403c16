extension Int: PostgresDecodable {
    /// From `int2`, `int4`, `int8`, `oid`, and from a `numeric` without fraction (as `sum(int8)` gives).
    public static func decode(_ cell: PostgresCell) throws -> Int { try integer(cell) }
}

extension Int64: PostgresDecodable {
    public static func decode(_ cell: PostgresCell) throws -> Int64 { try integer(cell) }
}

extension Int32: PostgresDecodable {
    public static func decode(_ cell: PostgresCell) throws -> Int32 { try integer(cell) }
}

extension FixedWidthInteger {
    fileprivate static func integer(_ cell: PostgresCell) throws -> Self {
        let value: Int64? = try cell.withBytes(of: [.int4, .int8, .int2, .oid, .numeric], as: Self.self) { bytes in
            var reader = BinaryReader(bytes)
            return switch cell.type {
            case .int4: reader.integer(Int32.self).map(Int64.init)
            case .int8: reader.integer(Int64.self)
            case .int2: reader.integer(Int16.self).map(Int64.init)
            case .oid: reader.integer(UInt32.self).map(Int64.init)
            default: NumericValue(bytes)?.integer
            }
        }
        guard let value, let result = Self(exactly: value) else { throw cell.mismatch(Self.self, .notRepresentable) }
        return result
    }
}

extension Double: PostgresDecodable {
    /// From `float4`, `float8`, and from `numeric` (as `avg(int4)` gives), rounded to the nearest.
    public static func decode(_ cell: PostgresCell) throws -> Double {
        let value: Double? = try cell.withBytes(of: [.float8, .float4, .numeric], as: Self.self) { bytes in
            var reader = BinaryReader(bytes)
            return switch cell.type {
            case .float8: reader.integer(UInt64.self).map(Double.init(bitPattern:))
            case .float4: reader.integer(UInt32.self).map { Double(Float(bitPattern: $0)) }
            default: NumericValue(bytes)?.double
            }
        }
        guard let value else { throw cell.mismatch(Self.self, .notRepresentable) }
        return value
    }
}
