import WireProtocol

extension EventPayload {
    var knowledgeSaved: KnowledgeSaved? { if case .knowledgeSaved(let news) = self { news } else { nil } }
    var knowledgeDeleted: KnowledgeDeleted? { if case .knowledgeDeleted(let news) = self { news } else { nil } }
    var chapterSaved: ChapterSaved? { if case .chapterSaved(let news) = self { news } else { nil } }
    var chapterDeleted: ChapterDeleted? { if case .chapterDeleted(let news) = self { news } else { nil } }
    var contentSaved: ContentSaved? { if case .contentSaved(let news) = self { news } else { nil } }
    var contentDeleted: ContentDeleted? { if case .contentDeleted(let news) = self { news } else { nil } }
    var contentGenerated: ContentGenerated? { if case .contentGenerated(let news) = self { news } else { nil } }
    var operationCompleted: OperationCompleted? { if case .operationCompleted(let news) = self { news } else { nil } }
    var userDeleted: UserDeleted? { if case .userDeleted(let news) = self { news } else { nil } }
}

extension [Event] {
    /// The courses whose content items these change, each once.
    var courses: [Int] {
        let ids = compactMap { event -> Int? in
            switch event.payload {
            case .contentSaved(let news): news.knowledgeID
            case .contentDeleted(let news): news.knowledgeID
            case .chapterDeleted(let news): news.knowledgeID
            default: nil
            }
        }
        return Set(ids).sorted()
    }
}
