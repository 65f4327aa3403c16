import Collections

/// Decides what is asked together: what comes while enough is under way waits, and goes as one when something has ended.
struct Gathering<Element: Sendable>: Sendable {
    /// How many are under way at most.
    let concurrency: Int
    /// How many elements go together at most.
    let size: Int
    private var waiting: Deque<Element> = []
    private var underWay = 0

    init(concurrency: Int, size: Int) {
        self.concurrency = concurrency
        self.size = size
    }

    /// - Returns: what goes now, if anything does.
    mutating func arrived(_ element: Element) -> [Element]? {
        waiting.append(element)
        return next()
    }

    /// - Returns: what goes in its place, if anything does.
    mutating func ended() -> [Element]? {
        underWay -= 1
        return next()
    }

    private mutating func next() -> [Element]? {
        guard underWay < concurrency, !waiting.isEmpty else { return nil }
        underWay += 1
        let batch = Array(waiting.prefix(size))
        waiting.removeFirst(batch.count)
        return batch
    }
}
