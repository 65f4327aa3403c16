/// A point in the plane (`X`) or on the globe, as `srid` says.
struct BoltPoint2D {
    static let tag: UInt8 = 0x58

    var srid: Int64
    var x: Double
    var y: Double
}

extension BoltPoint2D: BoltStructured {
    init?(fields: [BoltValue]) {
        guard fields.count == 3, case .integer(let srid) = fields[0], case .float(let x) = fields[1],
            case .float(let y) = fields[2]
        else { return nil }
        self.init(srid: srid, x: x, y: y)
    }

    var fields: [BoltValue] { [.integer(srid), .float(x), .float(y)] }
}

/// A point in space (`Y`).
struct BoltPoint3D {
    static let tag: UInt8 = 0x59

    var srid: Int64
    var x: Double
    var y: Double
    var z: Double
}

extension BoltPoint3D: BoltStructured {
    init?(fields: [BoltValue]) {
        guard fields.count == 4, case .integer(let srid) = fields[0], case .float(let x) = fields[1],
            case .float(let y) = fields[2], case .float(let z) = fields[3]
        else { return nil }
        self.init(srid: srid, x: x, y: y, z: z)
    }

    var fields: [BoltValue] { [.integer(srid), .float(x), .float(y), .float(z)] }
}
