import ServiceKit
import WireProtocol

extension GraphError: ProblemConvertible {
    var problem: HTTPProblem {
        switch self {
        case .conceptNotFound(let slug): .notFound("There is no concept \(slug).")
        case .chapterNotFound(let chapter):
            .notFound("There is no chapter \(chapter.chapterID) in knowledge item \(chapter.knowledgeID).")
        case .prerequisiteNotFound(let link): .notFound("\(link.concept) does not need \(link.needs).")
        case .chapterConceptNotFound(let chapter, let slug):
            .notFound("Chapter \(chapter.chapterID) of knowledge item \(chapter.knowledgeID) does not teach \(slug).")
        case .conceptChanged: .preconditionFailed()
        case .cycle(let slugs): Self.cycleProblem(slugs.map(\.description))
        case .unknownConcepts(let slugs):
            .invalid(slugs.map { FieldError(field: "prerequisites", message: "names \($0), which is no concept") })
        }
    }

    private static func cycleProblem(_ slugs: [String]) -> HTTPProblem {
        let shown = slugs.prefix(20) + (slugs.count > 20 ? ["…"] : []) + slugs.prefix(1)
        return HTTPProblem(
            .conflict, "A concept can't come to need itself: \(shown.joined(separator: " needs ")).", cycle: slugs)
    }
}
