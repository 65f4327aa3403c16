import PostgresTesting
import Testing
import WireProtocol

@testable import Analytics

@Suite("Of a learner who is gone", .enabled(if: TestDatabase.isAvailable))
struct ErasureTests {
    @Test("the deeds stay in the reports, and the learner does not")
    func anonymous() async throws {
        try await Fixture.run { analytics in
            let (gone, stays) = (Identifier(), Identifier())
            try await analytics.tell(
                .knowledgeSaved(.init(knowledgeID: 1, title: "Course", defaultLanguage: .english)))
            for learner in [gone, stays] {
                let answer = try await analytics.send(
                    [.event(), .event("completion"), .event("time_spent", seconds: 12)],
                    as: try await analytics.student(learner))
                #expect(answer.status == .accepted)
            }
            let before = try await analytics.report("/analytics/engagement/1")
            let news = Event(.userDeleted(UserDeleted(userID: gone)))
            #expect(try await analytics.tell([news]) == EventReceipt(accepted: 1, duplicates: 0))
            #expect(try await analytics.tell([news]) == EventReceipt(accepted: 0, duplicates: 1))
            #expect(try await analytics.report("/analytics/engagement/1") == before)
            let progress = try await analytics.report("/analytics/me", as: try await analytics.student(gone))
            #expect(progress["items"] == .array([]))
            let kept = try await analytics.report("/analytics/me", as: try await analytics.student(stays))
            #expect(kept["items"].items.count == 1)
            for table in ["learning_events", "learner_days"] as [String] {
                let learners = try await analytics.database.query(
                    table == "learner_days"
                        ? "SELECT DISTINCT learner_id FROM learner_days"
                        : "SELECT DISTINCT learner_id FROM learning_events")
                let ids = try learners.map { Identifier(rawValue: try $0["learner_id"]) }
                #expect(ids.count == 2)
                #expect(ids.contains(stays))
                #expect(!ids.contains(gone))
            }
        }
    }
}
