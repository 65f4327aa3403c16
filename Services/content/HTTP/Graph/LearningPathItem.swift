import WireProtocol

/// One step of a learning path, with the chapters that teach it.
struct LearningPathItem: Encodable {
    var slug: ConceptSlug
    var title: String
    var summary: String
    var distance: Int
    var chapters: [TitledChapter]

    init(_ step: LearningPath.Step, chapters: [TitledChapter]) {
        slug = step.slug
        title = step.title
        summary = step.summary
        distance = step.distance
        self.chapters = chapters
    }
}

/// A chapter with its title as the reader finds it.
struct TitledChapter: Encodable {
    var knowledgeID: Int
    var chapterID: String
    var title: String
    var language: LanguageTag

    init(_ chapter: ChapterReference, _ title: ChapterTitle) {
        knowledgeID = chapter.knowledgeID
        chapterID = chapter.chapterID
        self.title = title.text
        language = title.language
    }

    enum CodingKeys: String, CodingKey {
        case title, language
        case knowledgeID = "knowledge_id"
        case chapterID = "chapter_id"
    }
}
