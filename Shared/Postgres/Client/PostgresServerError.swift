import CLibPQ

/// An error report of the server (documentation, 55.8 "Error and Notice Message Fields").
public struct PostgresServerError: Error, Sendable, Equatable {
    public let sqlState: PostgresSQLState
    public let message: String
    /// May contain values of the row, such as `Key (email)=(a@example.org) already exists.`: not for logs.
    public let detail: String?
    public let hint: String?
    public let schema: String?
    public let table: String?
    public let column: String?
    public let constraint: String?
    /// The C function that raised it: unlike the message, the same in every language.
    let routine: String?

    init(
        sqlState: PostgresSQLState, message: String, detail: String? = nil, hint: String? = nil, schema: String? = nil,
        table: String? = nil, column: String? = nil, constraint: String? = nil, routine: String? = nil
    ) {
        self.sqlState = sqlState
        self.message = message
        self.detail = detail
        self.hint = hint
        self.schema = schema
        self.table = table
        self.column = column
        self.constraint = constraint
        self.routine = routine
    }

    /// Reads the fields of a failed `PGresult`; errors that libpq makes itself have no SQLSTATE and become 08000.
    init(result: OpaquePointer?) {
        func field(_ code: Character) -> String? {
            guard let ascii = code.asciiValue, let text = PQresultErrorField(result, Int32(ascii)) else { return nil }
            return String(cString: text)
        }
        let summary = PQresultErrorMessage(result).map { String(cString: $0).onOneLine } ?? ""
        self.init(
            sqlState: field("C").map(PostgresSQLState.init(rawValue:)) ?? .connectionException,
            message: field("M") ?? summary, detail: field("D"), hint: field("H"), schema: field("s"),
            table: field("t"), column: field("c"), constraint: field("n"), routine: field("R"))
    }
}

extension PostgresServerError: CustomStringConvertible {
    /// Leaves `detail` out, since it quotes values.
    public var description: String {
        let place = constraint.map { " (constraint \($0))" } ?? ""
        return "\(message) [\(sqlState.rawValue)]\(place)"
    }
}

extension String {
    /// libpq breaks and indents its messages for a terminal.
    var onOneLine: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
