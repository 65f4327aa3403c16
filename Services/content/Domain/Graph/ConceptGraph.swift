/// A concept with everything that is reached from it along one direction: all that it needs, or all that needs it.
/// Without cycles, as the store sees to.
struct ConceptGraph: Sendable, Equatable {
    struct Node: Sendable, Equatable {
        var slug: ConceptSlug
        var title: String
        var summary: String
        /// The positions in ``ConceptGraph/nodes`` of those one step further.
        var next: [Int]
    }

    enum Direction: Sendable, CaseIterable {
        case prerequisites
        case dependents
    }

    let nodes: [Node]
    /// The position of the concept from which the others are reached.
    let origin: Int

    /// How many steps each node is from the origin, by position; `nil` for those reached only through nodes that
    /// `skips` names.
    func distances(skipping skips: Set<ConceptSlug> = []) -> [Int?] {
        var distances = [Int?](repeating: nil, count: nodes.count)
        var queue: [Int] = []
        if !skips.contains(nodes[origin].slug) {
            distances[origin] = 0
            queue.append(origin)
        }
        var head = 0
        while head < queue.count {
            let position = queue[head]
            head += 1
            for next in nodes[position].next where distances[next] == nil && !skips.contains(nodes[next].slug) {
                distances[next] = distances[position].map { $0 + 1 }
                queue.append(next)
            }
        }
        return distances
    }

    /// Everything but the origin that is at most `depth` steps away: the nearest first, then by slug.
    func reached(within depth: Int? = nil) -> [ReachedConcept] {
        zip(nodes, distances())
            .compactMap { node, distance in
                guard let distance, distance > 0, distance <= depth ?? .max else { return nil }
                return ReachedConcept(slug: node.slug, title: node.title, distance: distance)
            }
            .sorted { ($0.distance, $0.slug) < ($1.distance, $1.slug) }
    }

    /// A shortest way from the origin to `target`, both included: of several the one whose slugs sort first; `nil`
    /// when there is none.
    func shortestPath(to target: ConceptSlug) -> [ConceptSlug]? {
        var predecessors = [Int?](repeating: nil, count: nodes.count)
        var queue = [origin]
        var head = 0
        while head < queue.count {
            let position = queue[head]
            head += 1
            if nodes[position].slug == target { return path(to: position, by: predecessors) }
            for next in nodes[position].next.sorted(by: { nodes[$0].slug < nodes[$1].slug })
            where next != origin && predecessors[next] == nil {
                predecessors[next] = position
                queue.append(next)
            }
        }
        return nil
    }

    private func path(to position: Int, by predecessors: [Int?]) -> [ConceptSlug] {
        let positions = sequence(first: position) { predecessors[$0] }
        return positions.map { nodes[$0].slug }.reversed()
    }
}

/// A concept as it was met on the way from another.
struct ReachedConcept: Sendable, Equatable {
    var slug: ConceptSlug
    var title: String
    /// Steps on the shortest way, from 1.
    var distance: Int
}
