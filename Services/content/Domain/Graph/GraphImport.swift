/// Concepts and prerequisites to put in together: all of them, or none.
struct GraphImport: Sendable, Equatable {
    static let maximumConcepts = 100_000
    static let maximumPrerequisites = 500_000

    struct Entry: Sendable, Equatable {
        var slug: ConceptSlug
        var text: ConceptText
    }

    /// Each slug once. Those that the graph has already are replaced.
    var concepts: [Entry]
    /// May name concepts that the graph has already. Those that it has already are kept.
    var prerequisites: [Prerequisite]
}
