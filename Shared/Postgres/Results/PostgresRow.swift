/// One row of a result.
public struct PostgresRow: Sendable {
    private let result: PostgresResult
    private let index: Int

    init(result: PostgresResult, index: Int) {
        self.result = result
        self.index = index
    }

    /// `try row["title"]`: the column's value as the type that the context asks for.
    /// - Throws: `PostgresDecodingError` when the column is absent, NULL (unless an Optional is asked for) or of another type.
    public subscript<Value: PostgresDecodable>(_ column: String) -> Value {
        get throws {
            guard let found = result.columnIndex(column) else { throw absent(column, Value.self) }
            return try Value.decode(result.cell(row: index, column: found))
        }
    }

    /// The same by position, from 0.
    public subscript<Value: PostgresDecodable>(_ column: Int) -> Value {
        get throws {
            guard (0..<result.columnCount).contains(column) else { throw absent("#\(column)", Value.self) }
            return try Value.decode(result.cell(row: index, column: column))
        }
    }

    /// Whether the result has a column of that name, NULL or not.
    public func contains(_ column: String) -> Bool {
        result.columnIndex(column) != nil
    }

    private func absent(_ column: String, _ wanted: Any.Type) -> PostgresDecodingError {
        PostgresDecodingError(reason: .absent, column: column, type: nil, wanted: String(describing: wanted))
    }
}
