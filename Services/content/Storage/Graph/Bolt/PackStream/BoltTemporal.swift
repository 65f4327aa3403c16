/// A day (`D`), counted from 1970-01-01.
struct BoltDate {
    static let tag: UInt8 = 0x44

    var days: Int64
}

extension BoltDate: BoltStructured {
    init?(fields: [BoltValue]) {
        guard fields.count == 1, case .integer(let days) = fields[0] else { return nil }
        self.init(days: days)
    }

    var fields: [BoltValue] { [.integer(days)] }
}

/// A time of day (`T`) somewhere: nanoseconds since midnight there.
struct BoltTime {
    static let tag: UInt8 = 0x54

    var nanoseconds: Int64
    /// Seconds east of UTC.
    var offset: Int64
}

extension BoltTime: BoltStructured {
    init?(fields: [BoltValue]) {
        guard fields.count == 2, case .integer(let nanoseconds) = fields[0], case .integer(let offset) = fields[1]
        else { return nil }
        self.init(nanoseconds: nanoseconds, offset: offset)
    }

    var fields: [BoltValue] { [.integer(nanoseconds), .integer(offset)] }
}

/// A time of day (`t`): nanoseconds since midnight.
struct BoltLocalTime {
    static let tag: UInt8 = 0x74

    var nanoseconds: Int64
}

extension BoltLocalTime: BoltStructured {
    init?(fields: [BoltValue]) {
        guard fields.count == 1, case .integer(let nanoseconds) = fields[0] else { return nil }
        self.init(nanoseconds: nanoseconds)
    }

    var fields: [BoltValue] { [.integer(nanoseconds)] }
}

/// A moment (`I`), and how far from UTC it was told.
struct BoltDateTime {
    static let tag: UInt8 = 0x49

    /// Of UTC, since 1970.
    var seconds: Int64
    var nanoseconds: Int64
    /// Seconds east of UTC.
    var offset: Int64
}

extension BoltDateTime: BoltStructured {
    init?(fields: [BoltValue]) {
        guard fields.count == 3, case .integer(let seconds) = fields[0], case .integer(let nanoseconds) = fields[1],
            case .integer(let offset) = fields[2]
        else { return nil }
        self.init(seconds: seconds, nanoseconds: nanoseconds, offset: offset)
    }

    var fields: [BoltValue] { [.integer(seconds), .integer(nanoseconds), .integer(offset)] }
}

/// A moment (`i`), and in which zone it was told.
struct BoltZonedDateTime {
    static let tag: UInt8 = 0x69

    /// Of UTC, since 1970.
    var seconds: Int64
    var nanoseconds: Int64
    /// An IANA time zone, such as `Europe/Berlin`.
    var zone: String
}

extension BoltZonedDateTime: BoltStructured {
    init?(fields: [BoltValue]) {
        guard fields.count == 3, case .integer(let seconds) = fields[0], case .integer(let nanoseconds) = fields[1],
            case .string(let zone) = fields[2]
        else { return nil }
        self.init(seconds: seconds, nanoseconds: nanoseconds, zone: zone)
    }

    var fields: [BoltValue] { [.integer(seconds), .integer(nanoseconds), .string(zone)] }
}

/// A day and time of day (`d`), wherever that may be.
struct BoltLocalDateTime {
    static let tag: UInt8 = 0x64

    /// Since 1970 as the clock on the wall counted them.
    var seconds: Int64
    var nanoseconds: Int64
}

extension BoltLocalDateTime: BoltStructured {
    init?(fields: [BoltValue]) {
        guard fields.count == 2, case .integer(let seconds) = fields[0], case .integer(let nanoseconds) = fields[1]
        else { return nil }
        self.init(seconds: seconds, nanoseconds: nanoseconds)
    }

    var fields: [BoltValue] { [.integer(seconds), .integer(nanoseconds)] }
}

/// A length of time (`E`), in four units of which none is a fixed number of another.
struct BoltDuration {
    static let tag: UInt8 = 0x45

    var months: Int64
    var days: Int64
    var seconds: Int64
    var nanoseconds: Int64
}

extension BoltDuration: BoltStructured {
    init?(fields: [BoltValue]) {
        guard fields.count == 4, case .integer(let months) = fields[0], case .integer(let days) = fields[1],
            case .integer(let seconds) = fields[2], case .integer(let nanoseconds) = fields[3]
        else { return nil }
        self.init(months: months, days: days, seconds: seconds, nanoseconds: nanoseconds)
    }

    var fields: [BoltValue] { [.integer(months), .integer(days), .integer(seconds), .integer(nanoseconds)] }
}
