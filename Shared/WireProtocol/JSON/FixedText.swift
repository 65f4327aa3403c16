/// A text whose parts stand in fixed places, such as a time.
public struct FixedText {
    private var bytes: [UInt8]

    /// - Parameter template: ASCII, with anything in the places that are put in.
    public init(_ template: StaticString) {
        bytes = Array(UnsafeBufferPointer(start: template.utf8Start, count: template.utf8CodeUnitCount))
    }

    /// In decimal, with leading zeros.
    public mutating func put(_ number: Int, _ place: Range<Int>) {
        var rest = number
        for index in place.reversed() {
            bytes[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }

    /// - Parameter word: as long as its place.
    public mutating func put(_ word: String, _ place: Range<Int>) {
        bytes.replaceSubrange(place, with: word.utf8)
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }
}
