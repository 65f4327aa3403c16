import CLibPQ
import Glibc

/// Owns one `PGresult`. Rows and cells point into it, so nothing is copied until a value is decoded.
///
/// `@unchecked Sendable` is safe: libpq never changes a result once it is handed out, here it is only read, and the
/// last reference frees it.
final class PostgresResult: @unchecked Sendable {
    private let result: OpaquePointer
    let rowCount: Int
    let columnCount: Int

    init(_ result: OpaquePointer) {
        self.result = result
        rowCount = Int(PQntuples(result))
        columnCount = Int(PQnfields(result))
    }

    deinit {
        PQclear(result)
    }

    /// The rows that INSERT, UPDATE, DELETE, MERGE or COPY touched, or that SELECT returned; 0 for other commands.
    var affectedRows: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    /// Such as `COMMIT` or `INSERT 0 1`.
    var commandTag: String { String(cString: PQcmdStatus(result)) }

    func columnName(_ column: Int) -> String {
        PQfname(result, Int32(column)).map { String(cString: $0) } ?? "#\(column)"
    }

    func columnIndex(_ name: String) -> Int? {
        name.withCString { wanted in
            for column in 0..<columnCount {
                if let found = PQfname(result, Int32(column)), strcmp(found, wanted) == 0 { return column }
            }
            return nil
        }
    }

    func cell(row: Int, column: Int) -> PostgresCell {
        let (row, index) = (Int32(row), Int32(column))
        let type = PostgresType(rawValue: PQftype(result, index))
        guard PQgetisnull(result, row, index) == 0, let start = PQgetvalue(result, row, index) else {
            return PostgresCell(result: self, column: column, type: type, bytes: nil)
        }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, index)))
        return PostgresCell(result: self, column: column, type: type, bytes: bytes)
    }
}
