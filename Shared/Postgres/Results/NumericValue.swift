/// A `numeric` in binary format (`numeric_send` in PostgreSQL's numeric.c): count of base-10,000 digits, weight of
/// the first, sign, decimal places for display, digits.
struct NumericValue {
    private enum Sign {
        static let negative: UInt16 = 0x4000
        static let notANumber: UInt16 = 0xC000
        static let infinity: UInt16 = 0xD000
        static let negativeInfinity: UInt16 = 0xF000
    }

    private let weight: Int
    private let sign: UInt16
    private let digits: [Int16]

    init?(_ bytes: UnsafeRawBufferPointer) {
        var reader = BinaryReader(bytes)
        guard let count = reader.integer(Int16.self), let weight = reader.integer(Int16.self),
            let sign = reader.integer(UInt16.self), reader.integer(Int16.self) != nil
        else { return nil }
        var digits: [Int16] = []
        for _ in 0..<max(0, count) {
            guard let digit = reader.integer(Int16.self) else { return nil }
            digits.append(digit)
        }
        self.weight = Int(weight)
        self.sign = sign
        self.digits = digits
    }

    /// The value when it has no fraction and fits.
    var integer: Int64? {
        guard sign == 0 || sign == Sign.negative else { return nil }
        if digits.isEmpty { return 0 }
        guard digits.count <= weight + 1, weight < 5 else { return nil }
        var value: Int64 = 0
        for position in 0...weight {
            let digit = position < digits.count ? Int64(digits[position]) : 0
            let (shifted, tooLarge) = value.multipliedReportingOverflow(by: 10_000)
            let (sum, overflow) = shifted.subtractingReportingOverflow(digit)
            if tooLarge || overflow { return nil }
            value = sum
        }
        // Summed up negative, since Int64.min has no positive counterpart.
        return sign == Sign.negative ? value : Int64(exactly: -Int128(value))
    }

    var double: Double {
        switch sign {
        case Sign.notANumber: return .nan
        case Sign.infinity: return .infinity
        case Sign.negativeInfinity: return -.infinity
        default:
            let text = (sign == Sign.negative ? "-" : "") + decimalText
            return Double(text) ?? .nan
        }
    }

    /// As digits with an exponent, so that the conversion rounds once.
    private var decimalText: String {
        if digits.isEmpty { return "0" }
        let all = digits.map { digit in
            let text = String(digit)
            return String(repeating: "0", count: 4 - text.utf8.count) + text
        }
        return all.joined() + "e\((weight + 1 - digits.count) * 4)"
    }
}
