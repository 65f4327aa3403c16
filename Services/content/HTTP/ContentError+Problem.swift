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
        case .markdownIsNotRendered:
            HTTPProblem(
                .notAcceptable, "Markdown is served as it is. Read it without render=html and render it yourself.")
        case .keyOfAnotherLoad: .invalid("Idempotency-Key", "was used for another body; take a new key")
        case .loadUnderWay:
            HTTPProblem(
                .conflict, "A request with this Idempotency-Key is still in work. Try again shortly.",
                headers: [.retryAfter: "1"])
        }
    }
}
