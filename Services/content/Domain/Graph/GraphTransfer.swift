/// A store that another's graph can be moved into, and out of, as it is: with versions and times.
protocol GraphTransfer: GraphStore {
    /// What each of the concepts needs directly; those that need nothing are left out.
    func prerequisites(of slugs: [ConceptSlug]) async throws -> [ConceptSlug: [ConceptSlug]]
    /// Puts in concepts, or replaces those with the same slugs.
    func take(_ concepts: [Concept]) async throws
    /// Puts in prerequisites of concepts that are there. Nobody looks for cycles: the store they come from has none.
    func take(_ prerequisites: [Prerequisite]) async throws
    /// Puts in what chapters that there are teach of the concepts that are there.
    func take(_ lessons: [ChapterConcept]) async throws
    func removeAll() async throws
}

/// That a chapter teaches a concept.
struct ChapterConcept: Sendable, Hashable {
    var chapter: ChapterReference
    var concept: ConceptSlug
}
