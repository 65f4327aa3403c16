import ServiceKit

extension LearnerProgressError: ProblemConvertible {
    var problem: HTTPProblem {
        switch self {
        case .refused: .unauthorized(invalidToken: true)
        case .unavailable:
            .unavailable("What you know can't be found out just now. Try again shortly, or leave out known=me.")
        }
    }
}
