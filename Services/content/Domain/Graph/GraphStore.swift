import WireProtocol

/// Where concepts are kept, what each needs, and which chapters teach them. There are no cycles in it: whoever would
/// close one is refused, also when two try at once.
protocol GraphStore: Sendable {
    /// By slug, from the first after `slug`.
    func concepts(after slug: ConceptSlug?, limit: Int) async throws -> [Concept]
    func conceptCount() async throws -> Int
    func concept(_ slug: ConceptSlug) async throws -> Concept?
    /// - Throws: ``GraphError/conceptChanged(_:)`` when there is such a concept already.
    func create(_ slug: ConceptSlug, _ text: ConceptText) async throws -> Concept
    /// - Throws: ``GraphError/conceptChanged(_:)`` when the concept has been changed since, or deleted and made again.
    func replace(_ concept: Concept, with text: ConceptText) async throws -> Concept
    /// Deletes the concept with its prerequisites, dependents and chapters.
    ///
    /// - Throws: ``GraphError/conceptChanged(_:)`` when the concept has been changed since, or deleted and made again.
    func delete(_ concept: Concept) async throws

    /// Adding what is there already changes nothing.
    ///
    /// - Throws: ``GraphError/conceptNotFound(_:)``, ``GraphError/cycle(_:)``.
    func add(_ prerequisite: Prerequisite) async throws
    /// - Throws: ``GraphError/prerequisiteNotFound(_:)``.
    func remove(_ prerequisite: Prerequisite) async throws
    /// Everything that is reached from the concept in one direction; with a `depth` at least what is at most so many
    /// steps away, and its arcs.
    ///
    /// - Throws: ``GraphError/conceptNotFound(_:)``.
    func graph(
        from slug: ConceptSlug, along direction: ConceptGraph.Direction, depth: Int?
    ) async throws -> ConceptGraph

    /// Adding what is there already changes nothing.
    ///
    /// - Throws: ``GraphError/chapterNotFound(_:)``, ``GraphError/conceptNotFound(_:)``.
    func add(_ slug: ConceptSlug, to chapter: ChapterReference) async throws
    /// - Throws: ``GraphError/chapterConceptNotFound(_:_:)``.
    func remove(_ slug: ConceptSlug, from chapter: ChapterReference) async throws
    /// The chapters that teach each of the concepts, in the order of their references.
    func chapters(teaching slugs: [ConceptSlug]) async throws -> [ConceptSlug: [ChapterReference]]
    func neighbourhood(of chapter: ChapterReference) async throws -> ChapterNeighbourhood

    /// Puts in all of `entries`, or nothing.
    ///
    /// - Throws: ``GraphError/unknownConcepts(_:)``, ``GraphError/cycle(_:)``.
    func put(_ entries: GraphImport) async throws
}
