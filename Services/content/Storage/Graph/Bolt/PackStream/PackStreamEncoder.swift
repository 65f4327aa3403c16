import NIOCore

/// Writes values as PackStream version 1, each in the shortest form.
struct PackStreamEncoder {
    private(set) var buffer = ByteBuffer()

    mutating func encode(_ value: BoltValue) throws(PackStreamError) {
        switch value {
        case .null: buffer.writeInteger(0xC0 as UInt8)
        case .bool(let value): buffer.writeInteger(value ? 0xC3 as UInt8 : 0xC2)
        case .integer(let value): encode(value)
        case .float(let value): buffer.writeMultipleIntegers(0xC1 as UInt8, value.bitPattern)
        case .bytes(let bytes):
            try writeSize(bytes.count, markers: (0xCC, 0xCD, 0xCE))
            buffer.writeBytes(bytes)
        case .string(let text): try encode(text)
        case .list(let values):
            try writeSize(values.count, small: 0x90, markers: (0xD4, 0xD5, 0xD6))
            for value in values { try encode(value) }
        case .map(let map):
            try writeSize(map.count, small: 0xA0, markers: (0xD8, 0xD9, 0xDA))
            for (key, value) in map {
                try encode(key)
                try encode(value)
            }
        case .node, .relationship, .unboundRelationship, .path, .date, .time, .localTime, .dateTime, .zonedDateTime,
            .localDateTime, .duration, .point2D, .point3D:
            if let structure = value.structure { try encode(tag: type(of: structure).tag, structure.fields) }
        }
    }

    /// - Parameter fields: at most 15, as for each structure that Bolt knows.
    mutating func encode(tag: UInt8, _ fields: [BoltValue]) throws(PackStreamError) {
        buffer.writeMultipleIntegers(0xB0 | UInt8(fields.count), tag)
        for field in fields { try encode(field) }
    }

    private mutating func encode(_ value: Int64) {
        if (-16...127).contains(value) {
            buffer.writeInteger(Int8(value))
        } else if let value = Int8(exactly: value) {
            buffer.writeMultipleIntegers(0xC8 as UInt8, value)
        } else if let value = Int16(exactly: value) {
            buffer.writeMultipleIntegers(0xC9 as UInt8, value)
        } else if let value = Int32(exactly: value) {
            buffer.writeMultipleIntegers(0xCA as UInt8, value)
        } else {
            buffer.writeMultipleIntegers(0xCB as UInt8, value)
        }
    }

    private mutating func encode(_ text: String) throws(PackStreamError) {
        try writeSize(text.utf8.count, small: 0x80, markers: (0xD0, 0xD1, 0xD2))
        buffer.writeString(text)
    }

    /// - Parameter small: the marker into which a size below 16 goes, when the type has one.
    private mutating func writeSize(
        _ size: Int, small: UInt8? = nil, markers: (UInt8, UInt8, UInt8)
    ) throws(PackStreamError) {
        if let small, size < 16 {
            buffer.writeInteger(small | UInt8(size))
        } else if let size = UInt8(exactly: size) {
            buffer.writeMultipleIntegers(markers.0, size)
        } else if let size = UInt16(exactly: size) {
            buffer.writeMultipleIntegers(markers.1, size)
        } else if let size = UInt32(exactly: size) {
            buffer.writeMultipleIntegers(markers.2, size)
        } else {
            throw .tooLarge
        }
    }
}
