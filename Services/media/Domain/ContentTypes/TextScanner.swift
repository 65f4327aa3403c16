/// Whether bytes that come in pieces are text: valid UTF-8 (RFC 3629) without control characters but tab, line feed,
/// form feed and carriage return.
struct TextScanner {
    private(set) var isText = true
    /// Continuation bytes that the current character still lacks.
    private var missing = 0
    /// What the next continuation byte must be; narrower than 80…BF after E0, ED, F0 and F4 (RFC 3629 §4).
    private var allowed: ClosedRange<UInt8> = 0x80...0xBF

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard isText else { return }
        for byte in bytes where !accept(byte) {
            isText = false
            return
        }
    }

    /// Call after the last byte: a character that is cut off is none.
    mutating func finish() {
        if missing > 0 { isText = false }
    }

    private mutating func accept(_ byte: UInt8) -> Bool {
        if missing > 0 {
            guard allowed.contains(byte) else { return false }
            missing -= 1
            allowed = 0x80...0xBF
            return true
        }
        switch byte {
        case 0x20...0x7E, 0x09, 0x0A, 0x0C, 0x0D: return true
        case 0xC2...0xDF: return expect(1)
        case 0xE0: return expect(2, first: 0xA0...0xBF)
        case 0xED: return expect(2, first: 0x80...0x9F)
        case 0xE1...0xEF: return expect(2)
        case 0xF0: return expect(3, first: 0x90...0xBF)
        case 0xF1...0xF3: return expect(3)
        case 0xF4: return expect(3, first: 0x80...0x8F)
        default: return false
        }
    }

    private mutating func expect(_ count: Int, first: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
        missing = count
        allowed = first
        return true
    }
}
