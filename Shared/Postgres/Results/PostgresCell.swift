/// One value of a row, in PostgreSQL's binary format, not yet decoded.
public struct PostgresCell {
    private let result: PostgresResult
    private let column: Int
    public let type: PostgresType
    /// Points into `result`; `nil` when NULL.
    private let bytes: UnsafeRawBufferPointer?

    init(result: PostgresResult, column: Int, type: PostgresType, bytes: UnsafeRawBufferPointer?) {
        self.result = result
        self.column = column
        self.type = type
        self.bytes = bytes
    }

    public var columnName: String { result.columnName(column) }
    public var isNull: Bool { bytes == nil }

    /// Gives `body` the bytes when the value has one of `types`.
    /// - Throws: `PostgresDecodingError` when NULL or of another type, and what `body` throws.
    public func withBytes<Value>(
        of types: [PostgresType], as wanted: Any.Type, _ body: (UnsafeRawBufferPointer) throws -> Value
    ) throws -> Value {
        guard types.contains(type) else { throw mismatch(wanted, .otherType) }
        return try withBytes(as: wanted, body)
    }

    /// The same, whatever its type.
    public func withBytes<Value>(
        as wanted: Any.Type, _ body: (UnsafeRawBufferPointer) throws -> Value
    ) throws -> Value {
        guard let bytes else { throw mismatch(wanted, .null) }
        return try withExtendedLifetime(result) { try body(bytes) }
    }

    /// The error that names this cell's column and type.
    public func mismatch(_ wanted: Any.Type, _ reason: PostgresDecodingError.Reason) -> PostgresDecodingError {
        PostgresDecodingError(
            reason: isNull ? .null : reason, column: columnName, type: type, wanted: String(describing: wanted))
    }

    /// The elements of a one-dimensional array (`array_send` in PostgreSQL's arrayfuncs.c: dimensions, flags, element
    /// type, then length and lower bound of each dimension, then each element with its length, −1 for NULL).
    func elements() throws -> [PostgresCell] {
        try withBytes(as: [PostgresCell].self) { bytes in
            var reader = BinaryReader(bytes)
            guard let dimensions = reader.int32(), reader.int32() != nil, let element = reader.int32() else {
                throw mismatch([PostgresCell].self, .otherType)
            }
            if dimensions == 0 { return [] }
            guard dimensions == 1, let count = reader.int32(), reader.int32() != nil else {
                throw mismatch([PostgresCell].self, .otherType)
            }
            let type = PostgresType(rawValue: UInt32(bitPattern: element))
            return try (0..<count).map { _ in
                guard let length = reader.int32() else { throw mismatch([PostgresCell].self, .otherType) }
                if length < 0 { return PostgresCell(result: result, column: column, type: type, bytes: nil) }
                guard let slice = reader.bytes(Int(length)) else { throw mismatch([PostgresCell].self, .otherType) }
                return PostgresCell(result: result, column: column, type: type, bytes: slice)
            }
        }
    }
}
