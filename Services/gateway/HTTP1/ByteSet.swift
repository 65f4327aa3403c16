/// A set of bytes as a bit map, for the character classes of the HTTP and URI grammars.
struct ByteSet: Sendable {
    private var low: UInt64 = 0
    private var middle: UInt64 = 0

    /// ASCII only: no class of these grammars that we accept goes beyond it.
    init(_ members: StaticString) {
        members.withUTF8Buffer { bytes in
            for byte in bytes { insert(byte) }
        }
    }

    private mutating func insert(_ byte: UInt8) {
        if byte < 64 {
            low |= 1 << UInt64(byte)
        } else if byte < 128 {
            middle |= 1 << UInt64(byte - 64)
        }
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        if byte < 64 { return low & (1 << UInt64(byte)) != 0 }
        return byte < 128 && middle & (1 << UInt64(byte & 63)) != 0
    }
}

/// The classes that messages are made of. One value travels with each parser, so that no global is read per byte.
struct HTTPGrammar: Sendable {
    /// `tchar` of RFC 9110 §5.6.2.
    let token = ByteSet("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    /// What a path may hold: `pchar` and `/` of RFC 3986 §3.3, with the brackets and bar that browsers leave as they are.
    let path = ByteSet("!$%&'()*+,-./:;=@[]_~|0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    /// `uri-host [ ":" port ]` of RFC 9110 §7.2, without user information; nor commas, by which two fields may have been
    /// made one.
    let host = ByteSet("!$%&'()*+-.:;=[]_~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
}
