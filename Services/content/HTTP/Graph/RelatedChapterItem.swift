import WireProtocol

/// A related chapter as clients see it: why, and how near.
struct RelatedChapterItem: Encodable {
    var knowledgeID: Int
    var chapterID: String
    var title: String
    var language: LanguageTag
    var score: Double
    var sharedConcepts: [ConceptSlug]
    var buildsOn: [ConceptSlug]
    var preparesWith: [ConceptSlug]

    init(_ related: RelatedChapter, _ title: ChapterTitle) {
        knowledgeID = related.chapter.knowledgeID
        chapterID = related.chapter.chapterID
        self.title = title.text
        language = title.language
        score = related.score
        sharedConcepts = related.shared
        buildsOn = related.buildsOn
        preparesWith = related.preparesWith
    }

    var key: RelatedChapter.Key {
        RelatedChapter.Key(score: score, knowledgeID: knowledgeID, chapterID: chapterID)
    }

    enum CodingKeys: String, CodingKey {
        case title, language, score
        case knowledgeID = "knowledge_id"
        case chapterID = "chapter_id"
        case sharedConcepts = "shared_concepts"
        case buildsOn = "builds_on"
        case preparesWith = "prepares_with"
    }
}
