/// What a learner has worked through, which others keep the books of.
protocol LearnerProgress: Sendable {
    /// - Parameter authorization: the learner's own `Authorization` field: nobody's progress is asked for by another.
    /// - Throws: ``LearnerProgressError``.
    func completedChapters(authorization: String) async throws -> Set<ChapterReference>
}

enum LearnerProgressError: Error {
    /// The token is not valid any more.
    case refused
    case unavailable(any Error)
}
