import FoundationEssentials

/// Something to be understood, as the graph keeps it.
struct Concept: Sendable, Equatable {
    var slug: ConceptSlug
    var text: ConceptText
    /// Counts the changes, from 1.
    var version: Int
    var createdAt: Date
    var updatedAt: Date
}

/// What an author says of a concept.
struct ConceptText: Sendable, Equatable {
    static let titleLength = 1...200
    static let summaryLength = 0...5_000

    var title: String
    var summary: String
    var metadata: JSONObjectText
}
