import Collections

/// Decides what is asked together: what comes while something is under way waits, and goes as one when that has ended, or
/// when something comes after it has taken too long, so that one answer that hangs does not hold up all others.
struct Gathering<Element: Sendable>: Sendable {
    struct Batch: Sendable {
        let elements: [Element]
        let start: ContinuousClock.Instant
    }

    /// How many batches are under way at most.
    let limit: Int
    /// How many elements go together at most.
    let size: Int
    /// For how long one that is under way holds up the next.
    let patience: Duration
    private var waiting: Deque<Element> = []
    private var underWay: [ContinuousClock.Instant] = []

    init(limit: Int, size: Int, patience: Duration) {
        self.limit = limit
        self.size = size
        self.patience = patience
    }

    /// - Returns: what goes now, if anything does.
    mutating func arrived(_ element: Element, at now: ContinuousClock.Instant) -> Batch? {
        waiting.append(element)
        return next(at: now)
    }

    /// - Returns: what goes in its place, if anything does.
    mutating func ended(_ batch: Batch, at now: ContinuousClock.Instant) -> Batch? {
        if let index = underWay.firstIndex(of: batch.start) { underWay.remove(at: index) }
        return next(at: now)
    }

    private mutating func next(at now: ContinuousClock.Instant) -> Batch? {
        guard !waiting.isEmpty, underWay.count < limit, underWay.allSatisfy({ now - $0 > patience }) else {
            return nil
        }
        let elements = Array(waiting.prefix(size))
        waiting.removeFirst(elements.count)
        underWay.append(now)
        return Batch(elements: elements, start: now)
    }
}
