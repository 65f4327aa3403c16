import FoundationEssentials
import WireProtocol

/// Where learning events are kept.
protocol LearningEventLog: Sendable {
    /// Takes the events in, each id once. When this returns they are on disk and in every report; when it throws, none
    /// of them need be, and the caller may send them again.
    ///
    /// - Parameter events: with different ids, at most ``LearningEvent/batchLimit``.
    /// - Returns: how many were new.
    func record(_ events: [LearningEvent], by learner: UUID) async throws -> Int
}
