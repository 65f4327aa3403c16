import FoundationEssentials

extension Bool: PostgresDecodable {
    public static func decode(_ cell: PostgresCell) throws -> Bool {
        try cell.withBytes(of: [.bool], as: Self.self) { $0.first == 1 }
    }
}

extension String: PostgresDecodable {
    /// From the text types, `json`, `jsonb`, and types that are defined in the database, such as `citext` and enumerations.
    public static func decode(_ cell: PostgresCell) throws -> String {
        try cell.withBytes(as: Self.self) { bytes in
            let text: UnsafeRawBufferPointer.SubSequence
            switch cell.type {
            case .text, .varchar, .bpchar, .name, .json, .unknown, .char: text = bytes[...]
            case .jsonb: text = bytes.dropFirst()  // its version, 1
            case let type where type.isUserDefined: text = bytes[...]
            default: throw cell.mismatch(Self.self, .otherType)
            }
            let units = UnsafeRawBufferPointer(rebasing: text).assumingMemoryBound(to: UInt8.self)
            guard let value = try? UTF8Span(validating: units.span) else {
                throw cell.mismatch(Self.self, .notRepresentable)
            }
            return String(copying: value)
        }
    }
}

extension UUID: PostgresDecodable {
    public static func decode(_ cell: PostgresCell) throws -> UUID {
        try cell.withBytes(of: [.uuid], as: Self.self) { bytes in
            guard bytes.count == 16 else { throw cell.mismatch(Self.self, .notRepresentable) }
            return UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
        }
    }
}

extension Date: PostgresDecodable {
    /// From 1 January 1970 to 1 January 2000, where PostgreSQL counts from.
    private static let epoch: Int64 = 946_684_800

    /// From `timestamptz`; from `timestamp` and `date` as UTC. `infinity` is not representable.
    public static func decode(_ cell: PostgresCell) throws -> Date {
        let microseconds: Int64? = try cell.withBytes(of: [.timestamptz, .timestamp, .date], as: Self.self) { bytes in
            var reader = BinaryReader(bytes)
            if cell.type == .date {
                guard let days = reader.int32(), days != .max, days != .min else { return nil }
                return Int64(days) * 86_400_000_000
            }
            guard let time = reader.integer(Int64.self), time != .max, time != .min else { return nil }
            return time
        }
        guard let microseconds else { throw cell.mismatch(Self.self, .notRepresentable) }
        let (seconds, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return Date(timeIntervalSince1970: Double(seconds + epoch) + Double(fraction) / 1e6)
    }
}

extension Data: PostgresDecodable {
    public static func decode(_ cell: PostgresCell) throws -> Data {
        try cell.withBytes(of: [.bytea], as: Self.self) { Data($0) }
    }
}

extension UInt8: PostgresArrayDecodable {
    public static func decodeArray(_ cell: PostgresCell) throws -> [UInt8] {
        try cell.withBytes(of: [.bytea], as: [UInt8].self) { Array($0) }
    }
}

extension Array: PostgresArrayDecodable where Element: PostgresArrayDecodable {}
extension Array: PostgresDecodable where Element: PostgresArrayDecodable {
    public static func decode(_ cell: PostgresCell) throws -> [Element] { try Element.decodeArray(cell) }
}

extension Optional: PostgresArrayDecodable where Wrapped: PostgresDecodable {}
extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    public static func decode(_ cell: PostgresCell) throws -> Wrapped? {
        cell.isNull ? nil : try Wrapped.decode(cell)
    }
}
