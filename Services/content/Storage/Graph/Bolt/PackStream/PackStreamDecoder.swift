import NIOCore

/// Reads PackStream values out of one message, which may come from anybody: whatever it claims, the decoder takes no
/// more memory than a small multiple of the message's size, and goes no deeper than ``maximumDepth``.
struct PackStreamDecoder {
    static let maximumDepth = 64
    /// Values of one message, those within others included: a list of a million nulls is small in bytes only.
    static let maximumValues = 1_000_000

    private var buffer: ByteBuffer
    /// What nobody has claimed yet.
    private var valuesLeft = maximumValues

    init(_ buffer: ByteBuffer) {
        self.buffer = buffer
    }

    /// The message's structure, which must be all of it.
    mutating func message() throws(PackStreamError) -> (tag: UInt8, fields: [BoltValue]) {
        let marker = try integer(UInt8.self)
        guard marker & 0xF0 == 0xB0 else { throw .unknownMarker(marker) }
        let structure = try structure(size: Int(marker & 0x0F), depth: 1)
        guard buffer.readableBytes == 0 else { throw .trailingBytes }
        return structure
    }

    private mutating func value(depth: Int) throws(PackStreamError) -> BoltValue {
        let marker = try integer(UInt8.self)
        switch marker {
        case 0x00...0x7F, 0xF0...0xFF: return .integer(Int64(Int8(bitPattern: marker)))
        case 0x80...0x8F: return .string(try text(Int(marker & 0x0F)))
        case 0x90...0x9F: return .list(try list(Int(marker & 0x0F), depth: depth + 1))
        case 0xA0...0xAF: return .map(try map(Int(marker & 0x0F), depth: depth + 1))
        case 0xB0...0xBF:
            let (tag, fields) = try structure(size: Int(marker & 0x0F), depth: depth + 1)
            guard let value = BoltValue(tag: tag, fields: fields) else { throw .structure(tag: tag) }
            return value
        case 0xC0: return .null
        case 0xC1: return .float(Double(bitPattern: try integer(UInt64.self)))
        case 0xC2: return .bool(false)
        case 0xC3: return .bool(true)
        case 0xC8: return .integer(Int64(try integer(Int8.self)))
        case 0xC9: return .integer(Int64(try integer(Int16.self)))
        case 0xCA: return .integer(Int64(try integer(Int32.self)))
        case 0xCB: return .integer(try integer(Int64.self))
        case 0xCC...0xCE: return .bytes(try bytes(try size(marker - 0xCC)))
        case 0xD0...0xD2: return .string(try text(try size(marker - 0xD0)))
        case 0xD4...0xD6: return .list(try list(try size(marker - 0xD4), depth: depth + 1))
        case 0xD8...0xDA: return .map(try map(try size(marker - 0xD8), depth: depth + 1))
        default: throw .unknownMarker(marker)
        }
    }

    /// - Parameter width: 0, 1 or 2 for a size in 8, 16 or 32 bits.
    private mutating func size(_ width: UInt8) throws(PackStreamError) -> Int {
        switch width {
        case 0: Int(try integer(UInt8.self))
        case 1: Int(try integer(UInt16.self))
        default: Int(try integer(UInt32.self))
        }
    }

    private mutating func list(_ count: Int, depth: Int) throws(PackStreamError) -> [BoltValue] {
        try claim(count, depth: depth)
        var values: [BoltValue] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try value(depth: depth)) }
        return values
    }

    private mutating func map(_ count: Int, depth: Int) throws(PackStreamError) -> BoltMap {
        try claim(count * 2, depth: depth)
        var map = BoltMap(minimumCapacity: count)
        for _ in 0..<count {
            guard case .string(let key) = try value(depth: depth) else { throw .keyIsNoText }
            guard map.updateValue(try value(depth: depth), forKey: key) == nil else { throw .repeatedKey(key) }
        }
        return map
    }

    private mutating func structure(
        size: Int, depth: Int
    ) throws(PackStreamError) -> (tag: UInt8, fields: [BoltValue]) {
        let tag = try integer(UInt8.self)
        return (tag, try list(size, depth: depth))
    }

    /// Each value has a byte at least: what claims more values than there are bytes, or than all that was claimed before
    /// leaves, is refused before room is made for them.
    private mutating func claim(_ count: Int, depth: Int) throws(PackStreamError) {
        guard depth <= Self.maximumDepth else { throw .tooDeep }
        guard count <= buffer.readableBytes else { throw .truncated }
        guard count <= valuesLeft else { throw .tooManyValues }
        valuesLeft -= count
    }

    private mutating func text(_ length: Int) throws(PackStreamError) -> String {
        guard let bytes = buffer.readSlice(length: length) else { throw .truncated }
        guard let text = String(validating: bytes.readableBytesView, as: UTF8.self) else { throw .invalidText }
        return text
    }

    private mutating func bytes(_ length: Int) throws(PackStreamError) -> [UInt8] {
        guard let bytes = buffer.readBytes(length: length) else { throw .truncated }
        return bytes
    }

    private mutating func integer<Value: FixedWidthInteger>(_: Value.Type) throws(PackStreamError) -> Value {
        guard let value = buffer.readInteger(as: Value.self) else { throw .truncated }
        return value
    }
}
