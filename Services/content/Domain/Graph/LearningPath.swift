/// What to learn, in which order, to understand one concept.
struct LearningPath: Sendable, Equatable {
    struct Step: Sendable, Equatable {
        var slug: ConceptSlug
        var title: String
        var summary: String
        /// Steps to the concept that is asked for, on the shortest way; 0 for itself.
        var distance: Int
    }

    let steps: [Step]

    /// Every concept that `graph` holds, none before one that it needs. What is `known` is left out, and with it what
    /// is needed for nothing else.
    ///
    /// The order is that of the longest way to the goal, which is further for a prerequisite than for any concept that
    /// needs it; among equals that of the slugs. So each thing comes shortly before it is first needed, and the same
    /// graph always gives the same path.
    init(through graph: ConceptGraph, known: Set<ConceptSlug> = []) {
        let distances = graph.distances()
        let longest = Self.longestWays(in: graph, visiting: graph.distances(skipping: known).map { $0 != nil })
        steps = graph.nodes.indices
            .filter { longest[$0] != nil }
            .sorted { a, b in
                longest[a] == longest[b]
                    ? graph.nodes[a].slug < graph.nodes[b].slug : longest[a] ?? 0 > longest[b] ?? 0
            }
            .map { position in
                let node = graph.nodes[position]
                return Step(
                    slug: node.slug, title: node.title, summary: node.summary, distance: distances[position] ?? 0)
            }
    }

    /// The longest way from the origin to each node that is visited, in steps: a node is done when all that lead to it
    /// are (Kahn's order).
    private static func longestWays(in graph: ConceptGraph, visiting isVisited: [Bool]) -> [Int?] {
        var waiting = [Int](repeating: 0, count: graph.nodes.count)
        for (position, node) in graph.nodes.enumerated() where isVisited[position] {
            for next in node.next { waiting[next] += 1 }
        }
        var longest = [Int?](repeating: nil, count: graph.nodes.count)
        guard isVisited[graph.origin] else { return longest }
        longest[graph.origin] = 0
        var ready = [graph.origin]
        while let position = ready.popLast() {
            let further = (longest[position] ?? 0) + 1
            for next in graph.nodes[position].next where isVisited[next] {
                longest[next] = max(longest[next] ?? 0, further)
                waiting[next] -= 1
                if waiting[next] == 0 { ready.append(next) }
            }
        }
        return longest
    }
}
