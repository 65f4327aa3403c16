/// A column that can't become what was asked for. Names the column and both types, never the value.
public struct PostgresDecodingError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Reason: Sendable, Equatable {
        /// The row has no column of that name or index.
        case absent
        case null
        case otherType
        /// Right type, but a value that the Swift type can't hold, such as an `int8` beyond `Int32` or an infinite date.
        case notRepresentable
    }

    public let reason: Reason
    public let column: String
    /// `nil` when the column is absent.
    public let type: PostgresType?
    public let wanted: String

    public var description: String {
        let found = type.map { " (\($0))" } ?? ""
        return switch reason {
        case .absent: "no column \(column) to decode as \(wanted)"
        case .null: "column \(column)\(found) is NULL and can't be decoded as \(wanted)"
        case .otherType: "column \(column)\(found) can't be decoded as \(wanted)"
        case .notRepresentable: "column \(column)\(found) holds a value that \(wanted) can't represent"
        }
    }
}
