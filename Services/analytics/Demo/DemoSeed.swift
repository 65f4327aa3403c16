import Postgres
import WireProtocol

/// Puts the demonstration month in place, by the same ways as the real thing; every id is fixed, so that twice is the
/// same as once.
struct DemoSeed: Sendable {
    let database: PostgresClient

    func run() async throws {
        let news = DemoNews.all
        for start in stride(from: 0, to: news.count, by: EventBatch.limit) {
            let batch = news[start..<min(start + EventBatch.limit, news.count)]
            _ = try await NewsStore(database: database).receive(Array(batch))
        }
        try await PartitionStore(database: database).keep(now: DemoClass.firstDay)
        let log = LearningEventStore(database: database)
        for (number, learner) in DemoClass.learners.enumerated() {
            _ = try await log.record(DemoClass.events(ofLearner: number), by: learner)
        }
        try await EngagementRollup(database: database).refresh()
    }
}
