/// A PackStream structure with a meaning: a tag, and a fixed number of fields in a fixed order.
protocol BoltStructured: Sendable, Equatable {
    static var tag: UInt8 { get }
    /// `nil` when the number or the types of the fields are wrong.
    init?(fields: [BoltValue])
    var fields: [BoltValue] { get }
}

extension BoltValue {
    /// The structure with this tag; `nil` for tags that are no value in Bolt 5, and for wrong fields.
    init?(tag: UInt8, fields: [BoltValue]) {
        switch tag {
        case BoltNode.tag: self.init(BoltNode(fields: fields), BoltValue.node)
        case BoltRelationship.tag: self.init(BoltRelationship(fields: fields), BoltValue.relationship)
        case BoltUnboundRelationship.tag:
            self.init(BoltUnboundRelationship(fields: fields), BoltValue.unboundRelationship)
        case BoltPath.tag: self.init(BoltPath(fields: fields), BoltValue.path)
        case BoltDate.tag: self.init(BoltDate(fields: fields), BoltValue.date)
        case BoltTime.tag: self.init(BoltTime(fields: fields), BoltValue.time)
        case BoltLocalTime.tag: self.init(BoltLocalTime(fields: fields), BoltValue.localTime)
        case BoltDateTime.tag: self.init(BoltDateTime(fields: fields), BoltValue.dateTime)
        case BoltZonedDateTime.tag: self.init(BoltZonedDateTime(fields: fields), BoltValue.zonedDateTime)
        case BoltLocalDateTime.tag: self.init(BoltLocalDateTime(fields: fields), BoltValue.localDateTime)
        case BoltDuration.tag: self.init(BoltDuration(fields: fields), BoltValue.duration)
        case BoltPoint2D.tag: self.init(BoltPoint2D(fields: fields), BoltValue.point2D)
        case BoltPoint3D.tag: self.init(BoltPoint3D(fields: fields), BoltValue.point3D)
        default: return nil
        }
    }

    private init?<Structure>(_ structure: Structure?, _ wrap: (Structure) -> BoltValue) {
        guard let structure else { return nil }
        self = wrap(structure)
    }

    /// `nil` for values that are no structure.
    var structure: (any BoltStructured)? {
        switch self {
        case .node(let value): value
        case .relationship(let value): value
        case .unboundRelationship(let value): value
        case .path(let value): value
        case .date(let value): value
        case .time(let value): value
        case .localTime(let value): value
        case .dateTime(let value): value
        case .zonedDateTime(let value): value
        case .localDateTime(let value): value
        case .duration(let value): value
        case .point2D(let value): value
        case .point3D(let value): value
        case .null, .bool, .integer, .float, .bytes, .string, .list, .map: nil
        }
    }
}
