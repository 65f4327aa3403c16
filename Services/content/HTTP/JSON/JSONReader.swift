/// Reads one JSON text (RFC 8259) from front to back without building a tree: the lines of a bulk load are many, and
/// their shape is known.
struct JSONReader {
    static let maximumDepth = 64
    /// Of a number, and of what its exponent stands for: more than any double has, and fewer than PostgreSQL's numeric
    /// takes, which has 16,383 behind the point.
    static let maximumDigits = 400

    let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position = 0

    /// - Parameter bytes: UTF-8, valid as long as the reader is used.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The next byte that is no white space; 0 at the end.
    mutating func peek() -> UInt8 {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position += 1
        }
        return 0
    }

    /// Goes past `byte`, if it is next.
    mutating func take(_ byte: Character) -> Bool {
        guard peek() == byte.asciiValue, position < bytes.count else { return false }
        position += 1
        return true
    }

    mutating func expect(_ byte: Character) throws(JSONFault) {
        guard take(byte) else { throw .syntax }
    }

    /// Nothing but white space may be left.
    mutating func expectEnd() throws(JSONFault) {
        guard peek() == 0, position == bytes.count else { throw .syntax }
    }

    /// The members of an object, by name. `member` must go past the value.
    mutating func object(_ member: (inout JSONReader, String) throws(JSONFault) -> Void) throws(JSONFault) {
        try expect("{")
        if take("}") { return }
        repeat {
            guard peek() == UInt8(ascii: "\"") else { throw .syntax }
            let name = try string()
            try expect(":")
            try member(&self, name)
        } while take(",")
        try expect("}")
    }

    mutating func string() throws(JSONFault) -> String {
        let range = try skipString()
        let isPlain = !bytes[range].contains(UInt8(ascii: "\\"))
        return isPlain ? String(decoding: bytes[range], as: UTF8.self) : JSONEscapes.undone(in: bytes[range])
    }

    /// Goes past any value.
    mutating func skipValue(depth: Int = 1) throws(JSONFault) {
        switch peek() {
        case UInt8(ascii: "\""): _ = try skipString()
        case UInt8(ascii: "{"): try skipMembers(depth: depth)
        case UInt8(ascii: "["): try skipElements(depth: depth)
        case UInt8(ascii: "t"): try skip("true")
        case UInt8(ascii: "f"): try skip("false")
        case UInt8(ascii: "n"): try skip("null")
        default: try skipNumber()
        }
    }

    private mutating func skipMembers(depth: Int) throws(JSONFault) {
        guard depth < Self.maximumDepth else { throw .tooDeep }
        position += 1
        if take("}") { return }
        repeat {
            guard peek() == UInt8(ascii: "\"") else { throw .syntax }
            _ = try skipString()
            try expect(":")
            try skipValue(depth: depth + 1)
        } while take(",")
        try expect("}")
    }

    private mutating func skipElements(depth: Int) throws(JSONFault) {
        guard depth < Self.maximumDepth else { throw .tooDeep }
        position += 1
        if take("]") { return }
        repeat { try skipValue(depth: depth + 1) } while take(",")
        try expect("]")
    }

    private mutating func skip(_ word: StaticString) throws(JSONFault) {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count else { throw .syntax }
        for offset in 0..<word.utf8CodeUnitCount where bytes[position + offset] != word.utf8Start[offset] {
            throw .syntax
        }
        position = end
    }

    /// Checks a string, and answers what stands between its quotes.
    private mutating func skipString() throws(JSONFault) -> Range<Int> {
        position += 1
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                defer { position += 1 }
                return start..<position
            case UInt8(ascii: "\\"): try skipEscape()
            case 0: throw .nullCharacter
            case 1..<0x20: throw .syntax
            default: position += 1
            }
        }
        throw .syntax
    }

    private mutating func skipEscape() throws(JSONFault) {
        guard position + 1 < bytes.count else { throw .syntax }
        switch bytes[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"):
            let unit = try codeUnit()
            if unit == 0 { throw .nullCharacter }
            if UTF16.isTrailSurrogate(unit) { throw .loneSurrogate }
            guard UTF16.isLeadSurrogate(unit) else { return }
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            else { throw .loneSurrogate }
            guard UTF16.isTrailSurrogate(try codeUnit()) else { throw .loneSurrogate }
        default: throw .syntax
        }
    }

    /// That of `\uXXXX`, which is next.
    private mutating func codeUnit() throws(JSONFault) -> UInt16 {
        guard position + 6 <= bytes.count else { throw .syntax }
        var unit: UInt16 = 0
        for byte in bytes[position + 2..<position + 6] {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else { throw .syntax }
            unit = unit << 4 | UInt16(digit)
        }
        position += 6
        return unit
    }

    private mutating func skipNumber() throws(JSONFault) {
        let start = position
        if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
        let whole = skipDigits()
        guard whole == 1 || (whole > 1 && bytes[position - whole] != UInt8(ascii: "0")) else { throw .syntax }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard skipDigits() > 0 else { throw .syntax }
        }
        let mantissa = position
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[position]) {
                position += 1
            }
            guard skipDigits() > 0 else { throw .syntax }
        }
        guard position - start <= Self.maximumDigits, let value = number(from: start), value.isFinite,
            mantissa == position || (Int(text(from: mantissa + 1))?.magnitude ?? .max) <= Self.maximumDigits
        else { throw .hugeNumber }
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
        return position - start
    }

    private func number(from start: Int) -> Double? {
        Double(text(from: start))
    }

    private func text(from start: Int) -> String {
        String(decoding: bytes[start..<position], as: UTF8.self)
    }
}
