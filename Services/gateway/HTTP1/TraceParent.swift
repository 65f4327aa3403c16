/// W3C Trace Context §3.2: `00-<trace id>-<parent id>-<flags>`, all in lower-case hexadecimal digits.
enum TraceParent {
    static let length = 55

    static func isValid(_ value: UnsafeRawBufferPointer) -> Bool {
        guard value.count == length, value[0] == 0x30, value[1] == 0x30 else { return false }
        for (index, byte) in value.enumerated() {
            let isDash = index == 2 || index == 35 || index == 52
            guard isDash ? byte == 0x2D : byte.isLowercaseHex else { return false }
        }
        // An all-zero trace or parent id means none.
        return value[3..<35].contains { $0 != 0x30 } && value[36..<52].contains { $0 != 0x30 }
    }
}

extension UInt8 {
    fileprivate var isLowercaseHex: Bool {
        (self >= 0x30 && self <= 0x39) || (self >= 0x61 && self <= 0x66)
    }

    /// The value of a hexadecimal digit of either case.
    @inline(__always)
    var hexValue: Int? {
        switch self {
        case 0x30...0x39: Int(self) - 0x30
        case 0x41...0x46: Int(self) - 0x37
        case 0x61...0x66: Int(self) - 0x57
        default: nil
        }
    }
}
