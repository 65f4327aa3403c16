/// A chapter, as the graph points to it. The graph knows no more of chapters than their ids.
///
/// As in the databases, ids are the same byte for byte, and ordered by bytes; for Swift's strings a composed é is the same
/// as a decomposed one.
struct ChapterReference: Sendable, Hashable, Comparable {
    var knowledgeID: Int
    var chapterID: String

    static func == (a: ChapterReference, b: ChapterReference) -> Bool {
        a.knowledgeID == b.knowledgeID && a.chapterID.utf8.elementsEqual(b.chapterID.utf8)
    }

    static func < (a: ChapterReference, b: ChapterReference) -> Bool {
        guard a.knowledgeID == b.knowledgeID else { return a.knowledgeID < b.knowledgeID }
        return a.chapterID.utf8.lexicographicallyPrecedes(b.chapterID.utf8)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(knowledgeID)
        for byte in chapterID.utf8 { hasher.combine(byte) }
    }
}
