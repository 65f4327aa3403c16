import FoundationEssentials

/// One record of a result.
struct BoltRecord: Sendable {
    private let columns: [String]
    private let values: [BoltValue]

    /// - Throws: ``BoltError/violation(_:)`` unless there is a value for each column.
    init(columns: [String], values: [BoltValue]) throws(BoltError) {
        guard columns.count == values.count else {
            throw .violation("a record of \(values.count) values for \(columns.count) columns")
        }
        self.columns = columns
        self.values = values
    }

    /// - Throws: ``BoltError/unexpected(_:)`` when there is no such column, or something else in it.
    subscript<Value: BoltDecodable>(_ column: String) -> Value {
        get throws {
            guard let index = columns.firstIndex(of: column) else { throw BoltError.unexpected("no column \(column)") }
            guard let value = Value(values[index]) else {
                throw BoltError.unexpected("the column \(column) holds no \(Value.self)")
            }
            return value
        }
    }
}

/// What can be read out of a record.
protocol BoltDecodable {
    /// `nil` when the value is of another type.
    init?(_ value: BoltValue)
}

extension String: BoltDecodable {
    init?(_ value: BoltValue) {
        guard case .string(let text) = value else { return nil }
        self = text
    }
}

extension Int: BoltDecodable {
    init?(_ value: BoltValue) {
        guard case .integer(let number) = value, let number = Int(exactly: number) else { return nil }
        self = number
    }
}

extension Array: BoltDecodable where Element: BoltDecodable {
    init?(_ value: BoltValue) {
        guard case .list(let values) = value else { return nil }
        let elements = values.compactMap(Element.init)
        guard elements.count == values.count else { return nil }
        self = elements
    }
}

/// A moment, to the microsecond. ArcadeDB keeps no zones: what went in as a moment in UTC comes out as a local one.
extension Date: BoltDecodable {
    init?(_ value: BoltValue) {
        let (seconds, nanoseconds): (Int64, Int64)
        switch value {
        case .dateTime(let moment): (seconds, nanoseconds) = (moment.seconds, moment.nanoseconds)
        case .zonedDateTime(let moment): (seconds, nanoseconds) = (moment.seconds, moment.nanoseconds)
        case .localDateTime(let moment): (seconds, nanoseconds) = (moment.seconds, moment.nanoseconds)
        default: return nil
        }
        guard seconds.magnitude < 1 << 40 else { return nil }
        self.init(timeIntervalSince1970: Double(seconds) + Double(nanoseconds / 1_000) / 1_000_000)
    }
}

extension BoltValue {
    /// A moment in UTC, to the microsecond.
    static func moment(_ date: Date) -> BoltValue {
        let microseconds = Int64((date.timeIntervalSince1970 * 1_000_000).rounded())
        let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let borrow: Int64 = rest < 0 ? 1 : 0
        return .dateTime(
            BoltDateTime(seconds: seconds - borrow, nanoseconds: (rest + borrow * 1_000_000) * 1_000, offset: 0))
    }
}
