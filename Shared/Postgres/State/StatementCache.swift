/// The statements that one connection has prepared, by their text. Bounded: the least recently used makes room.
struct StatementCache {
    struct Entry: Equatable {
        let name: String
        /// Whether it has to be prepared first.
        let isNew: Bool
    }

    private struct Prepared {
        let name: String
        var lastUse: UInt64
    }

    private let capacity: Int
    private var prepared: [String: Prepared] = [:]
    private var uses: UInt64 = 0
    private var names: UInt64 = 0
    /// Prepared at the server, but no longer known here: to be deallocated when the connection is out of a transaction.
    private(set) var stale: [String] = []

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { prepared.count }

    mutating func use(_ sql: String) -> Entry {
        uses += 1
        if let index = prepared.index(forKey: sql) {
            prepared.values[index].lastUse = uses
            return Entry(name: prepared.values[index].name, isNew: false)
        }
        if prepared.count >= capacity, let oldest = prepared.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            prepared[oldest.key] = nil
            stale.append(oldest.value.name)
        }
        names += 1
        let name = "s\(names)"
        prepared[sql] = Prepared(name: name, lastUse: uses)
        return Entry(name: name, isNew: true)
    }

    /// The server does not have it, or would no longer run it. Does nothing when `sql` has been prepared anew since.
    mutating func forget(_ sql: String, name: String, existsAtServer: Bool) {
        guard prepared[sql]?.name == name else { return }
        prepared[sql] = nil
        if existsAtServer { stale.append(name) }
    }

    mutating func takeStale() -> [String] {
        defer { stale = [] }
        return stale
    }
}
