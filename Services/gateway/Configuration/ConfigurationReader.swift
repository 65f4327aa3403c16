import NIOCore
import Yams

/// Reads a configuration file's tree, value by value. A fault is noted and what was there before is kept, so that all
/// faults are told at once; whoever reads must look at ``faults`` before using what was read.
struct ConfigurationReader {
    /// A value with the way to it.
    struct Entry {
        var path: String
        var node: Node
        /// By which it is a member of a mapping.
        var key = ""
    }

    private(set) var faults: [ConfigurationFault] = []

    mutating func note(_ entry: Entry, _ message: String) {
        faults.append(ConfigurationFault(line: entry.node.mark?.line, path: entry.path, message: message))
    }

    /// Calls `body` with every member of a mapping; it tells whether it knows the member's key.
    mutating func members(of entry: Entry, _ body: (inout Self, Entry) -> Bool) {
        guard case .mapping(let mapping) = entry.node else {
            return note(entry, "must be a list of keys with values")
        }
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            let member = Entry(path: entry.path.isEmpty ? name : "\(entry.path).\(name)", node: value, key: name)
            if !body(&self, member) { note(member, "is not known here") }
        }
    }

    mutating func items(of entry: Entry, _ body: (inout Self, Entry) -> Void) {
        guard case .sequence(let sequence) = entry.node else { return note(entry, "must be a list") }
        for (index, node) in sequence.enumerated() {
            body(&self, Entry(path: "\(entry.path)[\(index)]", node: node))
        }
    }

    mutating func integer(_ entry: Entry, in range: ClosedRange<Int>, into value: inout Int) {
        guard let number = entry.node.scalar.flatMap({ Int($0.string) }), range.contains(number) else {
            return note(entry, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        value = number
    }

    mutating func flag(_ entry: Entry, into value: inout Bool) {
        switch entry.node.scalar?.string {
        case "true": value = true
        case "false": value = false
        default: note(entry, "must be true or false")
        }
    }

    mutating func number(_ entry: Entry, in range: ClosedRange<Double>, into value: inout Double) {
        guard let number = entry.node.scalar.flatMap({ Double($0.string) }), range.contains(number) else {
            return note(entry, "must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        value = number
    }

    /// - Parameter range: in seconds.
    mutating func seconds(_ entry: Entry, in range: ClosedRange<Double> = 0.05...3600, into value: inout TimeAmount) {
        guard let number = entry.node.scalar.flatMap({ Double($0.string) }), range.contains(number) else {
            return note(entry, "must be a number of seconds from \(range.lowerBound) to \(range.upperBound)")
        }
        value = .nanoseconds(Int64(number * 1_000_000_000))
    }

    /// One text as `read` understands it.
    mutating func text<Value>(
        _ entry: Entry, _ expected: String, into values: inout [Value], _ read: (String) -> Value?
    ) {
        guard let text = entry.node.scalar?.string, let value = read(text) else {
            return note(entry, "must be \(expected)")
        }
        values.append(value)
    }

    /// A list of texts, each as `read` understands it.
    mutating func texts<Value>(
        _ entry: Entry, _ expected: String, into values: inout [Value], _ read: (String) -> Value?
    ) {
        values = []
        items(of: entry) { reader, item in reader.text(item, expected, into: &values, read) }
    }
}
