import Collections

/// Keys in the order in which they are written, so that the same map always has the same bytes.
typealias BoltMap = OrderedDictionary<String, BoltValue>

/// A value as it travels over Bolt 5: PackStream's own types, and the structures that Bolt gives a meaning.
enum BoltValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case float(Double)
    case bytes([UInt8])
    case string(String)
    case list([BoltValue])
    case map(BoltMap)

    case node(BoltNode)
    case relationship(BoltRelationship)
    case unboundRelationship(BoltUnboundRelationship)
    case path(BoltPath)

    case date(BoltDate)
    case time(BoltTime)
    case localTime(BoltLocalTime)
    case dateTime(BoltDateTime)
    case zonedDateTime(BoltZonedDateTime)
    case localDateTime(BoltLocalDateTime)
    case duration(BoltDuration)

    case point2D(BoltPoint2D)
    case point3D(BoltPoint3D)
}

extension BoltValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    init(stringLiteral text: String) { self = .string(text) }
    init(integerLiteral number: Int64) { self = .integer(number) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
}
