import Testing

@testable import Content

@Suite("Graph rules, without a store")
struct GraphRulesTests {
    @Test(
        "slugs are groups of lower-case letters and digits joined by single hyphens",
        arguments: [
            ("fractions", true), ("equal-fractions", true), ("3d", true), ("a-1-b", true),
            (String(repeating: "a", count: 100), true), (String(repeating: "a", count: 101), false),
            ("", false), ("-a", false), ("a-", false), ("a--b", false), ("Fractions", false), ("a_b", false),
            ("a b", false), ("é", false), ("a\n", false), ("'; DROP TABLE concepts; --", false),
        ])
    func slug(text: String, isSlug: Bool) {
        #expect((ConceptSlug(text) != nil) == isSlug)
    }

    @Test("what is reached, how far and by which path agrees with a simple model", arguments: 0..<40 as Range<UInt64>)
    func reached(seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        let model = ModelGraph.random(30, links: Int(seed) * 3, using: &generator)
        for origin in model.concepts {
            let graph = model.graph(from: origin, using: &generator)
            let distances = model.distances(from: origin)
            let reached = graph.reached()
            #expect(
                Dictionary(uniqueKeysWithValues: reached.map { ($0.slug, $0.distance) } + [(origin, 0)]) == distances)
            #expect(reached.map(\.distance) == reached.map(\.distance).sorted())
            #expect(graph.reached(within: 2) == reached.filter { $0.distance <= 2 })
            for target in model.concepts {
                let path = graph.shortestPath(to: target)
                #expect(path.map { $0.count - 1 } == distances[target])
                guard let path else { continue }
                #expect(path.first == origin && path.last == target)
                #expect(zip(path, path.dropFirst()).allSatisfy { model.needs[$0]!.contains($1) })
            }
        }
    }

    @Test(
        "a learning path has all that is needed, none before its own prerequisites", arguments: 0..<40 as Range<UInt64>)
    func learningPath(seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        let model = ModelGraph.random(30, links: Int(seed) * 3, using: &generator)
        for goal in model.concepts {
            let known = Set(model.concepts.filter { _ in Int.random(in: 0..<10, using: &generator) == 0 })
            let graph = model.graph(from: goal, using: &generator)
            let path = LearningPath(through: graph, known: known)
            let slugs = path.steps.map(\.slug)
            let distances = model.distances(from: goal)
            #expect(Set(slugs) == Set(model.distances(from: goal, known: known).keys))
            #expect(Set(slugs).count == slugs.count)
            #expect(known.contains(goal) ? slugs.isEmpty : slugs.last == goal)
            #expect(path.steps.allSatisfy { $0.distance == distances[$0.slug] })
            var learned = known
            for slug in slugs {
                #expect(model.needs[slug]!.isSubset(of: learned))
                learned.insert(slug)
            }
            #expect(path == LearningPath(through: model.graph(from: goal, using: &generator), known: known))
        }
    }

    @Test("what is needed only for known things is left out with them")
    func known() {
        let graph = chain(["c", "b", "a"])
        #expect(LearningPath(through: graph).steps.map(\.slug.description) == ["a", "b", "c"])
        #expect(LearningPath(through: graph, known: slugs("b")).steps.map(\.slug.description) == ["c"])
        #expect(
            LearningPath(through: graph, known: slugs("a", "unheard-of")).steps.map(\.slug.description) == ["b", "c"])
        #expect(LearningPath(through: graph, known: slugs("c")).steps.isEmpty)
    }

    @Test("a cycle is found where there is one, and is one", arguments: 0..<200 as Range<UInt64>)
    func cycleSearch(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        let edges = (0..<Int.random(in: 0...30, using: &generator)).map { _ in
            (Int32.random(in: 0..<15, using: &generator), Int32.random(in: 0..<15, using: &generator))
        }
        var model = ModelGraph()
        for (source, target) in edges {
            model.add(Prerequisite(concept: ModelGraph.slug(Int(source)), needs: ModelGraph.slug(Int(target))))
        }
        let isCyclic = model.prerequisites.contains(where: model.wouldClose)
        let cycle = CycleSearch(from: edges.map(\.0), to: edges.map(\.1)).cycle()
        #expect((cycle != nil) == isCyclic)
        guard let cycle else { return }
        #expect(Set(cycle).count == cycle.count)
        for (source, target) in zip(cycle, cycle.dropFirst() + cycle.prefix(1)) {
            #expect(edges.contains { $0 == (source, target) })
        }
    }

    @Test("chapters are as near as their concepts are shared or linked")
    func related() {
        let chapter = { (id: String) in ChapterReference(knowledgeID: 1, chapterID: id) }
        let neighbourhood = ChapterNeighbourhood(
            concepts: slugs("halves", "quarters"),
            others: [
                chapter("same"): slugs("halves", "quarters"),
                chapter("overlapping"): slugs("halves", "thirds"),
                chapter("building"): slugs("adding"),
                chapter("before"): slugs("sharing"),
            ],
            prerequisites: [
                Prerequisite(concept: ConceptSlug("adding")!, needs: ConceptSlug("quarters")!),
                Prerequisite(concept: ConceptSlug("halves")!, needs: ConceptSlug("sharing")!),
            ])
        let related = neighbourhood.related()
        #expect(related.map(\.chapter.chapterID) == ["same", "before", "building", "overlapping"])
        #expect(related.map(\.score) == [1, 0.3333, 0.3333, 0.3333])
        #expect(related.map(\.shared) == [slugs("halves", "quarters").sorted(), [], [], [ConceptSlug("halves")!]])
        #expect(related[2].buildsOn.map(\.description) == ["quarters"])
        #expect(related[1].preparesWith.map(\.description) == ["sharing"])
    }

    private func slugs(_ texts: String...) -> Set<ConceptSlug> { Set(texts.map { ConceptSlug($0)! }) }

    /// The first needs the second, and so on.
    private func chain(_ texts: [String]) -> ConceptGraph {
        let nodes = texts.enumerated().map { index, text in
            ConceptGraph.Node(
                slug: ConceptSlug(text)!, title: text, summary: "", next: index + 1 < texts.count ? [index + 1] : [])
        }
        return ConceptGraph(nodes: nodes, origin: 0)
    }
}
