import WireProtocol

/// Where readers find content. Whoever may be answered with less than the whole item asks for its head first.
protocol ContentLibrary: Sendable {
    /// - Parameter seesDrafts: whether the reader may know of what is not published.
    /// - Throws: ``ContentError/noSuchContent``.
    func item(_ id: Int, seesDrafts: Bool) async throws -> ContentItem
    /// - Throws: ``ContentError/noSuchContent``.
    func head(_ id: Int, seesDrafts: Bool) async throws -> ContentHead
    /// The item of a chapter in the best language for the reader: the first that is preferred, else the knowledge
    /// item's default, else any; one that is refused only where there is no other.
    ///
    /// - Throws: ``ContentError/noSuchContent``.
    func head(of lesson: LessonRequest) async throws -> ContentHead
}

/// Which text of a chapter a reader wants.
struct LessonRequest: Sendable {
    let knowledgeID: Int32
    let chapterID: String
    let contentType: String
    let languages: ReaderLanguages
    /// Whether the reader may know of what is not published.
    let seesDrafts: Bool
}
