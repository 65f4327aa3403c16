import WireProtocol

/// How a chapter is called for a reader.
struct ChapterTitle: Sendable, Equatable {
    var text: String
    var language: LanguageTag
}

/// Finds chapters' titles in the reader's language.
protocol ChapterTitles: Sendable {
    /// The title of each chapter's published text in the first of `languages` that there is one in, else in the
    /// knowledge item's default language, else the chapter's own title. Chapters that are gone have none.
    func titles(
        of chapters: Set<ChapterReference>, in languages: [LanguageTag]
    ) async throws -> [ChapterReference: ChapterTitle]
    func contains(_ chapter: ChapterReference) async throws -> Bool
}
