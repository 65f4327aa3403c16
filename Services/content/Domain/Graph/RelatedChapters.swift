/// What surrounds a chapter in the graph.
struct ChapterNeighbourhood: Sendable, Equatable {
    /// What the chapter itself teaches.
    var concepts: Set<ConceptSlug>
    /// The other chapters that teach one of its concepts, or one that is a direct prerequisite of, or directly needs,
    /// one of them; with all that they teach.
    var others: [ChapterReference: Set<ConceptSlug>]
    /// The direct prerequisites of the chapter's concepts, and those for which its concepts are one.
    var prerequisites: Set<Prerequisite>
}

/// Another chapter, and how near it is.
struct RelatedChapter: Sendable, Equatable {
    var chapter: ChapterReference
    /// Above 0, at most 1; see ``ChapterNeighbourhood/related()``.
    var score: Double
    /// Concepts that both teach.
    var shared: [ConceptSlug]
    /// Concepts of the chapter asked about that are direct prerequisites of the other's.
    var buildsOn: [ConceptSlug]
    /// Concepts of the other chapter that are direct prerequisites of those of the chapter asked about.
    var preparesWith: [ConceptSlug]
}

extension RelatedChapter {
    /// In the order of relatedness: the best score first, then by reference.
    struct Key: Sendable, Codable, Comparable {
        var score: Double
        var knowledgeID: Int
        var chapterID: String

        static func < (a: Key, b: Key) -> Bool {
            guard a.score == b.score else { return a.score > b.score }
            return a.reference < b.reference
        }

        static func == (a: Key, b: Key) -> Bool { a.score == b.score && a.reference == b.reference }

        private var reference: ChapterReference { ChapterReference(knowledgeID: knowledgeID, chapterID: chapterID) }
    }

    var key: Key { Key(score: score, knowledgeID: chapter.knowledgeID, chapterID: chapter.chapterID) }
}

extension ChapterNeighbourhood {
    /// The other chapters, the best score first, then by reference.
    ///
    /// Of all concepts that the two chapters teach, those that both teach count 1, those of one that are a direct
    /// prerequisite of a concept of the other, or need one, count ½, the rest 0; the score is the mean. So it is 1 for
    /// chapters that teach the very same.
    func related() -> [RelatedChapter] {
        let needs = Dictionary(grouping: prerequisites, by: \.concept).mapValues { Set($0.map(\.needs)) }
        let neededBy = Dictionary(grouping: prerequisites, by: \.needs).mapValues { Set($0.map(\.concept)) }
        return
            others
            .map { chapter, taught in
                let shared = concepts.intersection(taught)
                func touches(_ concept: ConceptSlug, _ others: Set<ConceptSlug>) -> Bool {
                    !others.isDisjoint(with: needs[concept] ?? []) || !others.isDisjoint(with: neededBy[concept] ?? [])
                }
                let linked =
                    concepts.subtracting(taught).count { touches($0, taught) }
                    + taught.subtracting(concepts).count { touches($0, concepts) }
                let score = (Double(shared.count) + Double(linked) / 2) / Double(concepts.union(taught).count)
                return RelatedChapter(
                    chapter: chapter, score: (score * 10_000).rounded() / 10_000, shared: shared.sorted(),
                    buildsOn: concepts.filter { !taught.isDisjoint(with: neededBy[$0] ?? []) }.sorted(),
                    preparesWith: taught.filter { !concepts.isDisjoint(with: neededBy[$0] ?? []) }.sorted())
            }
            .filter { $0.score > 0 }
            .sorted { $0.key < $1.key }
    }
}
