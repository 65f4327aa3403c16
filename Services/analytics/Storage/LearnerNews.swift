import FoundationEssentials
import Postgres
import WireProtocol

/// What auth tells of accounts that are gone. What a learner did stays, since reports count it; who it was does not: a
/// fresh random id, kept nowhere else, takes the learner's place.
struct LearnerNews {
    let transaction: PostgresTransaction

    func erase(_ news: [UserDeleted]) async throws {
        for learner in news.map(\.userID) {
            try await rename(learner.rawValue, to: UUID())
            try await transaction.query("DELETE FROM idempotency_keys WHERE caller = $1", [learner.description])
        }
    }

    /// Each raw event has its part in one learner's day, so that the days lead to the events by their index.
    private func rename(_ learner: UUID, to stranger: UUID) async throws {
        try await transaction.query(
            """
            UPDATE learning_events AS events
               SET learner_id = $2
              FROM (SELECT DISTINCT knowledge_id, day FROM learner_days WHERE learner_id = $1) AS days
             WHERE events.knowledge_id = days.knowledge_id
               AND events.occurred_at >= days.day::timestamp AT TIME ZONE 'UTC'
               AND events.occurred_at < (days.day + 1)::timestamp AT TIME ZONE 'UTC'
               AND events.learner_id = $1
            """, [learner, stranger])
        try await transaction.query(
            """
            UPDATE learner_days
               SET learner_id = $2
             WHERE learner_id = $1
            """, [learner, stranger])
    }
}
