/// A chapter, as the graph points to it. The graph knows no more of chapters than their ids.
struct ChapterReference: Sendable, Hashable, Comparable {
    var knowledgeID: Int
    var chapterID: String

    static func < (a: ChapterReference, b: ChapterReference) -> Bool {
        (a.knowledgeID, a.chapterID) < (b.knowledgeID, b.chapterID)
    }
}
