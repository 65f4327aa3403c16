/// What separates the parts of a body (RFC 2046 §5.1.1).
struct MultipartBoundary: Sendable, Hashable {
    /// Line break, two hyphens and the boundary: no part's content contains it.
    let delimiter: [UInt8]

    /// - Parameter boundary: 1 to 70 characters of those that RFC 2046 allows, not ending in a space.
    init(_ boundary: String) throws(MultipartFault) {
        guard (1...70).contains(boundary.utf8.count), boundary.utf8.allSatisfy(Self.isAllowed),
            boundary.utf8.last != UInt8(ascii: " ")
        else { throw .noBoundary }
        delimiter = Array("\r\n--".utf8) + boundary.utf8
    }

    private static let punctuation = Set("'()+_,-./:=? ".utf8)

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: punctuation.contains(byte)
        }
    }
}
