/// What can be wrong with a call to the content, as far as the caller can act on it.
enum ContentError: Error, Equatable {
    case noSuchKnowledge
    case noSuchChapter
    case noSuchContent
    case noSuchVersion
    /// The place names a knowledge item that does not exist.
    case unknownKnowledge
    /// The place names a chapter that its knowledge item does not have.
    case unknownChapter
    /// Another item has this place already.
    case placeTaken
    case refusedTransition(from: ContentStatus, to: ContentStatus)
    case chapterExists
    /// HTML was asked for of a text in Markdown.
    case markdownIsNotRendered
    /// The key of this bulk load belongs to one of another file.
    case keyOfAnotherLoad
    /// Another request with the key of this bulk load is under way.
    case loadUnderWay
}
