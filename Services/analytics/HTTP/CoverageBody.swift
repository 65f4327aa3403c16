import WireProtocol

/// One item of `GET /analytics/coverage`.
struct CourseCoverageBody: Encodable {
    var knowledgeID: Int
    var title: String
    var defaultLanguage: String
    var chapters: Int
    var languages: [Language]

    init(_ coverage: CourseCoverage) {
        knowledgeID = coverage.knowledgeID
        title = coverage.title
        defaultLanguage = coverage.defaultLanguage
        chapters = coverage.chapters
        languages = coverage.languages.map { language in
            Language(
                language: language.language, chapters: language.chapters, items: language.items,
                share: coverage.share(of: language))
        }
    }

    enum CodingKeys: String, CodingKey {
        case title, chapters, languages
        case knowledgeID = "knowledge_id"
        case defaultLanguage = "default_language"
    }

    struct Language: Encodable {
        var language: String
        var chapters: Int
        var items: Int
        @ExplicitNull var share: Double?
    }
}

/// What its answer has beside the page.
struct CoverageTotalsBody: Encodable {
    var totals: Totals

    struct Totals: Encodable {
        var knowledge: Int
        var chapters: Int
        var languages: Int
        var items: Int

        init(_ totals: CoverageTotals) {
            knowledge = totals.knowledge
            chapters = totals.chapters
            languages = totals.languages
            items = totals.items
        }
    }
}
