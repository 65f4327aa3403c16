/// What the graph refuses.
enum GraphError: Error, Equatable {
    case conceptNotFound(ConceptSlug)
    /// Neither a chapter, nor its knowledge item, is there.
    case chapterNotFound(ChapterReference)
    case prerequisiteNotFound(Prerequisite)
    case chapterConceptNotFound(ChapterReference, ConceptSlug)
    /// Somebody else made, changed or deleted the concept in between.
    case conceptChanged(ConceptSlug)
    /// Each of these would need the next, and the last the first.
    case cycle([ConceptSlug])
    /// Prerequisites of an import name concepts that are nowhere.
    case unknownConcepts([ConceptSlug])
}
