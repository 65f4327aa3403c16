/// The part of a file that a `Range` header asks for (RFC 9110 §14).
enum ByteRange: Hashable {
    /// No range, or none that we honour: a unit other than bytes, broken syntax, or several ranges at once. All of
    /// these are answered with the whole file, as RFC 9110 §14.2 allows.
    case whole
    case part(Range<Int>)
    /// Nothing of the file is in the range: 416.
    case unsatisfiable

    /// - Parameter size: of the file, in bytes.
    init(_ field: String?, size: Int) {
        self = field.flatMap { Self.parse($0, size: size) } ?? .whole
    }

    private static func parse(_ field: String, size: Int) -> ByteRange? {
        let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bytes" else { return nil }
        let spec = parts[1].trimmingPrefix(while: isBlank).reversed().drop(while: isBlank).reversed()
        let bounds = String(spec).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard bounds.count == 2 else { return nil }
        if bounds[0].isEmpty {
            guard let length = number(bounds[1]) else { return nil }
            return length == 0 || size == 0 ? .unsatisfiable : .part(max(0, size - length)..<size)
        }
        guard let first = number(bounds[0]) else { return nil }
        var last = Int.max - 1
        if !bounds[1].isEmpty {
            guard let given = number(bounds[1]), given >= first else { return nil }
            last = given
        }
        return first < size ? .part(first..<min(last, size - 1) + 1) : .unsatisfiable
    }

    private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }

    /// Digits only. What is too large for an `Int` is as far beyond the end as the largest one.
    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return min(Int(text) ?? .max, Int.max - 1)
    }
}
