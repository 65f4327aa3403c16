/// In which languages a course can be read: published content only.
struct CourseCoverage: Sendable, Equatable {
    var knowledgeID: Int
    var title: String
    var defaultLanguage: String
    var chapters: Int
    var languages: [LanguageCoverage]

    /// Chapters covered in `language`, of those covered in the course's default language.
    func share(of language: LanguageCoverage) -> Double? {
        let covered = languages.first { $0.language == defaultLanguage }?.chapters ?? 0
        return Analytics.share(language.chapters, of: covered)
    }
}

struct LanguageCoverage: Sendable, Equatable {
    var language: String
    /// With at least one item.
    var chapters: Int
    var items: Int
}

/// Over all courses.
struct CoverageTotals: Sendable, Equatable {
    var knowledge: Int
    var chapters: Int
    var languages: Int
    var items: Int
}

/// What content has told of its courses.
protocol CoverageReports: Sendable {
    /// Courses by id, those after `after` first, at most `limit`.
    func coverage(after: Int?, limit: Int) async throws -> [CourseCoverage]
    func totals() async throws -> CoverageTotals
}
