import FoundationEssentials

/// Under which name bytes are in the store. Made at random and never reused, so that whoever holds a key holds these
/// bytes or none.
struct ObjectKey: RawRepresentable, Sendable, Hashable {
    /// Two hexadecimal digits, a slash, 32 hexadecimal digits that start with the same two.
    let rawValue: String

    init() {
        let digits = UUID().uuidString.lowercased().filter { $0 != "-" }
        rawValue = "\(digits.prefix(2))/\(digits)"
    }

    /// `nil` for what is no key.
    init?(rawValue: String) {
        let parts = rawValue.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 32, parts[0].utf8.count == 2, parts[1].hasPrefix(parts[0]),
            parts[1].utf8.allSatisfy({
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            })
        else { return nil }
        self.rawValue = rawValue
    }

    var shard: ObjectShard { ObjectShard(rawValue: String(rawValue.prefix(2))) }
}

/// One 256th of all keys: those that start with the same two digits. Large enough to be worth a folder, small enough
/// to be compared in memory.
struct ObjectShard: RawRepresentable, Sendable, Hashable {
    let rawValue: String

    static let all = (0..<256).map { number in
        ObjectShard(rawValue: (number < 16 ? "0" : "") + String(number, radix: 16))
    }
}
