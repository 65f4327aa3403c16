import WireProtocol

/// One step of a learning path, with the chapters that teach it.
struct LearningPathItem {
    var step: LearningPath.Step
    var chapters: [TitledChapter]
}

extension JSONWriter {
    /// A path can have as many steps as the graph has concepts.
    mutating func learningPath(_ items: [LearningPathItem]) {
        raw(#"{"items":["#)
        for (index, item) in items.enumerated() {
            raw(index == 0 ? #"{"slug":"# : #",{"slug":"#)
            string(item.step.slug.description)
            raw(#","title":"#)
            string(item.step.title)
            raw(#","summary":"#)
            string(item.step.summary)
            raw(#","distance":"#)
            raw(String(item.step.distance))
            raw(#","chapters":["#)
            for (index, chapter) in item.chapters.enumerated() {
                if index > 0 { raw(",") }
                self.chapter(chapter)
            }
            raw("]}")
        }
        raw("]}")
    }

    private mutating func chapter(_ chapter: TitledChapter) {
        raw(#"{"knowledge_id":"#)
        raw(String(chapter.reference.knowledgeID))
        raw(#","chapter_id":"#)
        string(chapter.reference.chapterID)
        raw(#","title":"#)
        string(chapter.title.text)
        raw(#","language":"#)
        string(chapter.title.language.description)
        raw("}")
    }
}

/// A chapter with its title as the reader finds it.
struct TitledChapter {
    var reference: ChapterReference
    var title: ChapterTitle
}
