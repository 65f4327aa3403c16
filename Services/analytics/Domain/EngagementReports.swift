/// Reports on what learners do with a course. `nil` for a course of which neither content nor any learner has told,
/// and for one that was deleted.
protocol EngagementReports: Sendable {
    func engagement(of knowledgeID: Int, in range: TimeRange, byDay: Bool) async throws -> EngagementReport?
    func effectiveness(of knowledgeID: Int) async throws -> EffectivenessReport?
}
