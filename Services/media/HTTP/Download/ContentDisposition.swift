/// How a file is to be shown, and under which name it is kept (RFC 6266).
struct ContentDisposition: CustomStringConvertible {
    enum Kind: String {
        case inline, attachment
    }

    let kind: Kind
    let filename: String

    /// With `filename` in ASCII for old clients, and `filename*` (RFC 8187) for a name that ASCII can't hold.
    var description: String {
        let plain = String(String.UnicodeScalarView(filename.unicodeScalars.map(Self.plain)))
        let quoted = plain.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let text = "\(kind.rawValue); filename=\"\(quoted)\""
        return plain == filename ? text : text + "; filename*=UTF-8''\(PercentEncoding.encode(filename))"
    }

    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        (0x20...0x7E).contains(scalar.value) ? scalar : "_"
    }
}
