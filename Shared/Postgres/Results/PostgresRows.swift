/// What a statement answered. Keeps the server's answer whole in memory: bound what you ask for with LIMIT.
public struct PostgresRows: Sendable, RandomAccessCollection {
    private let result: PostgresResult

    init(_ result: PostgresResult) {
        self.result = result
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { result.rowCount }

    public subscript(position: Int) -> PostgresRow {
        precondition(indices.contains(position), "row index out of range")
        return PostgresRow(result: result, index: position)
    }

    /// How many rows an INSERT, UPDATE, DELETE or MERGE touched.
    public var affectedRows: Int { result.affectedRows }

    /// The first row or `nil`: for look-ups by key.
    public var only: PostgresRow? { first }

    var commandTag: String { result.commandTag }
}
