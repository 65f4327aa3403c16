import FoundationEssentials
import Hummingbird
import ServiceKit
import WireProtocol

/// Learning events, as the learners' platforms send them.
struct EventRoutes: Sendable {
    /// 1000 events whose texts are as long as can be, every character escaped, fit in.
    static let bodyLimit = 2 << 20

    let log: any LearningEventLog

    var routes: [Route] {
        [Route(.post, "/analytics/events", .user, body: .buffered(limit: Self.bodyLimit), record)]
    }

    @Sendable private func record(_ request: Request, _ context: APIContext) async throws -> Response {
        let learner = try context.requireCaller().userID.rawValue
        let batch = try await request.decode(LearningEventBatch.self)
        let events = try batch.learningEvents(now: Date())
        var ids: Set<UUID> = []
        let accepted = try await log.record(events.filter { ids.insert($0.id).inserted }, by: learner)
        return try .json(
            EventReceipt(accepted: accepted, duplicates: events.count - accepted), status: .accepted)
    }
}
