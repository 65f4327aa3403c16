/// Looks for a cycle in a whole directed graph, in time and memory linear in its edges.
struct CycleSearch {
    private var successors: [Int32: [Int32]] = [:]
    private var predecessorCounts: [Int32: Int] = [:]

    /// Edges from `sources[i]` to `targets[i]`.
    init(from sources: [Int32], to targets: [Int32]) {
        for (source, target) in zip(sources, targets) {
            successors[source, default: []].append(target)
            predecessorCounts[target, default: 0] += 1
        }
    }

    /// The nodes of some cycle, each before one of its successors, the last before the first; `nil` without any.
    func cycle() -> [Int32]? {
        let remaining = peeled()
        guard var node = remaining.keys.min() else { return nil }
        // Each remaining node has a remaining predecessor; going back along these must come round.
        var predecessors: [Int32: Int32] = [:]
        for source in remaining.keys {
            for target in successors[source] ?? [] where remaining[target] != nil {
                predecessors[target] = min(predecessors[target] ?? source, source)
            }
        }
        var order: [Int32: Int] = [:]
        var trail: [Int32] = []
        while order[node] == nil {
            order[node] = trail.count
            trail.append(node)
            guard let before = predecessors[node] else { return nil }
            node = before
        }
        return trail[(order[node] ?? 0)...].reversed()
    }

    /// What is left, with how many predecessors are left, when nodes without predecessors are taken away again and
    /// again (Kahn): the cycles, and what follows from them.
    private func peeled() -> [Int32: Int] {
        var counts = predecessorCounts
        var free = successors.keys.filter { counts[$0] == nil }
        while let node = free.popLast() {
            for target in successors[node] ?? [] {
                guard let count = counts[target] else { continue }
                counts[target] = count == 1 ? nil : count - 1
                if count == 1 { free.append(target) }
            }
        }
        return counts
    }
}
