/// Looks for a cycle in a whole directed graph, in time and memory linear in its edges.
struct CycleSearch {
    /// Nodes are numbered in the order of their ids.
    private let ids: [Int32]
    /// The successors of node `n` are `successors[starts[n]..<starts[n + 1]]`.
    private let starts: [Int]
    private let successors: [Int]
    private let predecessorCounts: [Int]

    /// Edges from `sources[i]` to `targets[i]`.
    init(from sources: [Int32], to targets: [Int32]) {
        ids = Set(sources).union(targets).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: zip(ids, ids.indices))
        let edges = zip(sources, targets).map { (source: numbers[$0] ?? 0, target: numbers[$1] ?? 0) }
        var starts = [Int](repeating: 0, count: ids.count + 1)
        var predecessorCounts = [Int](repeating: 0, count: ids.count)
        for edge in edges {
            starts[edge.source + 1] += 1
            predecessorCounts[edge.target] += 1
        }
        for node in ids.indices { starts[node + 1] += starts[node] }
        var next = starts
        var successors = [Int](repeating: 0, count: edges.count)
        for edge in edges {
            successors[next[edge.source]] = edge.target
            next[edge.source] += 1
        }
        self.starts = starts
        self.successors = successors
        self.predecessorCounts = predecessorCounts
    }

    /// The nodes of some cycle, each before one of its successors, the last before the first; `nil` without any.
    func cycle() -> [Int32]? {
        let remaining = peeled()
        guard var node = remaining.firstIndex(where: { $0 > 0 }) else { return nil }
        // Each remaining node has a remaining predecessor; going back along these must come round.
        var predecessors = [Int?](repeating: nil, count: ids.count)
        for source in ids.indices.reversed() where remaining[source] > 0 {
            for target in successors[starts[source]..<starts[source + 1]] { predecessors[target] = source }
        }
        var order: [Int: Int] = [:]
        var trail: [Int] = []
        while order[node] == nil {
            order[node] = trail.count
            trail.append(node)
            guard let before = predecessors[node] else { return nil }
            node = before
        }
        return trail[(order[node] ?? 0)...].reversed().map { ids[$0] }
    }

    /// How many predecessors each node has left when nodes without predecessors are taken away again and again (Kahn):
    /// what has any is in a cycle, or follows from one.
    private func peeled() -> [Int] {
        var counts = predecessorCounts
        var free = ids.indices.filter { counts[$0] == 0 }
        while let node = free.popLast() {
            for target in successors[starts[node]..<starts[node + 1]] {
                counts[target] -= 1
                if counts[target] == 0 { free.append(target) }
            }
        }
        return counts
    }
}
