@testable import Content

/// The graph as plainly as can be, to compare the real ones with: sets and brute force.
struct ModelGraph {
    private(set) var needs: [ConceptSlug: Set<ConceptSlug>] = [:]

    /// `count` concepts; each needs some of those with a smaller number, so that there is no cycle.
    static func random(_ count: Int, links: Int, using generator: inout some RandomNumberGenerator) -> ModelGraph {
        var graph = ModelGraph()
        let order = (0..<count).shuffled(using: &generator).map { slug($0) }
        for concept in order { graph.needs[concept] = [] }
        for _ in 0..<links where count > 1 {
            let later = Int.random(in: 1..<count, using: &generator)
            let earlier = Int.random(in: 0..<later, using: &generator)
            graph.needs[order[later], default: []].insert(order[earlier])
        }
        return graph
    }

    static func slug(_ number: Int) -> ConceptSlug { ConceptSlug("concept-\(number)")! }

    var concepts: [ConceptSlug] { needs.keys.sorted() }
    var prerequisites: [Prerequisite] {
        concepts.flatMap { concept in (needs[concept] ?? []).sorted().map { Prerequisite(concept: concept, needs: $0) }
        }
    }

    var reversed: ModelGraph {
        var graph = ModelGraph()
        for concept in concepts { graph.needs[concept] = [] }
        for link in prerequisites { graph.needs[link.needs, default: []].insert(link.concept) }
        return graph
    }

    /// How far each concept is from `origin`, going round by round; without passing `known`.
    func distances(from origin: ConceptSlug, known: Set<ConceptSlug> = []) -> [ConceptSlug: Int] {
        var distances: [ConceptSlug: Int] = [:]
        var round: Set = [origin]
        var distance = 0
        while !round.isEmpty {
            round = round.subtracting(known).filter { distances[$0] == nil }
            for concept in round { distances[concept] = distance }
            round = Set(round.flatMap { needs[$0] ?? [] })
            distance += 1
        }
        return distances
    }

    func wouldClose(_ link: Prerequisite) -> Bool {
        distances(from: link.needs)[link.concept] != nil
    }

    mutating func add(_ link: Prerequisite) {
        needs[link.concept, default: []].insert(link.needs)
    }

    /// As a store would hand it out: nodes in any order.
    func graph(from origin: ConceptSlug, using generator: inout some RandomNumberGenerator) -> ConceptGraph {
        let reached = distances(from: origin).keys.shuffled(using: &generator)
        let nodes = reached.map { slug in
            ConceptGraph.Node(
                slug: slug, title: slug.description, summary: "",
                next: (needs[slug] ?? []).map { reached.firstIndex(of: $0)! })
        }
        return ConceptGraph(nodes: nodes, origin: reached.firstIndex(of: origin)!)
    }
}
