/// That one concept is understood only after another.
struct Prerequisite: Sendable, Hashable {
    var concept: ConceptSlug
    var needs: ConceptSlug
}
