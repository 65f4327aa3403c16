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

    /// - Parameter coversBelow: whether it also stands for every path that goes on with a slash after it.
    mutating func append(_ path: String, coversBelow: Bool, _ value: Value) {
        let length = path.utf8.count
        entries.append(Entry(start: bytes.count, length: length, coversBelow: coversBelow, value: value))
        bytes.append(contentsOf: path.utf8)
    }

    /// The first entry, in the order of `append`, that covers `path` and that `isMeant`.
    func first(covering path: UnsafeRawBufferPointer, where isMeant: (Value) -> Bool = { _ in true }) -> Value? {
        bytes.withUnsafeBytes { all in
            for index in entries.indices {
                let length = entries[index].length
                guard path.count >= length, isMeant(entries[index].value) else { continue }
                guard path.count == length || (entries[index].coversBelow && path[length] == 0x2F) else { continue }
                guard all.slice(entries[index].start..<(entries[index].start + length)).isPrefix(of: path) else {
                    continue
                }
                return entries[index].value
            }
            return nil
        }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func isPrefix(of other: UnsafeRawBufferPointer) -> Bool {
        for index in 0..<count where self[index] != other[index] {
            return false
        }
        return true
    }
}
