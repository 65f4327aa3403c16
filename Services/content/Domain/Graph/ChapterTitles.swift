import WireProtocol

/// How a chapter is called for a reader.
struct ChapterTitle: Sendable, Equatable {
    var text: String
    var language: LanguageTag
}

/// Finds chapters' titles in the reader's language.
protocol ChapterTitles: Sendable {
    /// The title of each chapter's published text in the first language that the reader would have and there is one in,
    /// else in the knowledge item's default language, else the chapter's own title, which is in that language too. When
    /// the reader refuses it, one in any language that is not refused goes first. Chapters that are gone have none.
    func titles(
        of chapters: Set<ChapterReference>, in languages: ReaderLanguages
    ) async throws -> [ChapterReference: ChapterTitle]
    func contains(_ chapter: ChapterReference) async throws -> Bool
}
