import ServiceKit

extension ContentError: ProblemConvertible {
    var problem: HTTPProblem {
        switch self {
        case .noSuchKnowledge, .noSuchChapter, .noSuchContent, .noSuchVersion: .notFound()
        case .unknownKnowledge: .invalid("knowledge_id", "names no knowledge item")
        case .unknownChapter: .invalid("chapter_id", "names no chapter of this knowledge item")
        case .placeTaken:
            .conflict("There is an item of this chapter, language and content type already. Change that one instead.")
        case .refusedTransition(let from, let to):
            .conflict("An item that is \(from.rawValue) can't become \(to.rawValue).")
        case .chapterExists: .preconditionFailed()
        case .tooManyRefusedLines(let limit):
            HTTPProblem(
                .unprocessableContent,
                """
                More than \(limit) lines were refused, so the load was given up. The good lines before that are in; \
                mend the file and send it again.
                """)
        }
    }
}
