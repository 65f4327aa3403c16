/// Paths and what they stand for, laid out flat: a look-up follows no reference and counts none.
struct PathTable<Value: Sendable & Equatable>: Sendable, Equatable {
    private struct Entry: Equatable {
        var start: Int
        var length: Int
        var coversBelow: Bool
        var value: Value
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []

    /// - Parameters:
    ///   - path: with `*` for one segment, whichever it is.
    ///   - coversBelow: whether it also stands for every path that goes on with a slash after it.
    mutating func append(_ path: String, coversBelow: Bool, _ value: Value) {
        let length = path.utf8.count
        entries.append(Entry(start: bytes.count, length: length, coversBelow: coversBelow, value: value))
        bytes.append(contentsOf: path.utf8)
    }

    /// The first entry, in the order of `append`, that covers `path` and that `isMeant`.
    func first(covering path: UnsafeRawBufferPointer, where isMeant: (Value) -> Bool = { _ in true }) -> Value? {
        bytes.withUnsafeBytes { all in
            for index in entries.indices where isMeant(entries[index].value) {
                let pattern = all.slice(entries[index].start..<(entries[index].start + entries[index].length))
                guard let end = pattern.endOfMatch(in: path) else { continue }
                guard end == path.count || (entries[index].coversBelow && path[end] == .slash) else { continue }
                return entries[index].value
            }
            return nil
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Where in `path` this pattern, laid over its beginning, ends; `nil` when it doesn't fit.
    fileprivate func endOfMatch(in path: UnsafeRawBufferPointer) -> Int? {
        var end = 0
        for byte in self {
            if byte == .star {
                let start = end
                while end < path.count, path[end] != .slash { end += 1 }
                guard end > start else { return nil }
            } else {
                guard end < path.count, path[end] == byte else { return nil }
                end += 1
            }
        }
        return end
    }
}

extension UInt8 {
    fileprivate static let slash = UInt8(ascii: "/")
    fileprivate static let star = UInt8(ascii: "*")
}
