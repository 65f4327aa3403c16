extension JSONObjectText {
    /// The bytes of `text`, which is JSON, without white space between values, and with as many digits as the exponents of
    /// its numbers stand for: at least as many as PostgreSQL has of it.
    static func size(of text: String) -> Int {
        var (size, isString) = (0, false)
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): isString.toggle()
            case UInt8(ascii: "\\"): if rest.popFirst() != nil { size += 1 }
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
                if !isString { continue }
            case UInt8(ascii: "e"), UInt8(ascii: "E"): if !isString { size += exponent(rest) }
            default: break
            }
            size += 1
        }
        return size
    }

    /// The digits at the beginning: none behind the `e` of `true`.
    private static func exponent(_ rest: Substring.UTF8View) -> Int {
        let digits = rest.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
            .prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return Int(Substring(digits)) ?? 0
    }
}
