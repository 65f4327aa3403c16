import FoundationEssentials
import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Analytics

@Suite("Upkeep", .enabled(if: TestDatabase.isAvailable))
struct UpkeepTests {
    @Test("makes this month's partition, the next one's, and those that events need, from any number of replicas")
    func partitions() async throws {
        try await Fixture.run { analytics in
            let times = [
                "2004-02-29T23:59:59.999Z", "2004-03-01T00:00:00Z", "2026-03-31T23:59:59Z", "2000-01-01T00:00:00Z",
            ]
            _ = try await analytics.send(times.map { .event(at: $0) })
            #expect(try await analytics.count("SELECT count(*) FROM learning_events_default") == 4)
            let now = try #require(Timestamp.parse("2025-12-31T23:00:00Z"))
            try await withThrowingTaskGroup { group in
                for _ in 0..<6 {
                    group.addTask { try await PartitionStore(database: analytics.database).keep(now: now) }
                }
                try await group.waitForAll()
            }
            let partitions = try await analytics.database.query(
                """
                SELECT partition.relname::text AS name
                  FROM pg_inherits
                  JOIN pg_class AS partition ON partition.oid = inhrelid
                 WHERE inhparent = 'learning_events'::regclass
                 ORDER BY name
                """)
            #expect(
                try partitions.map { try $0["name"] as String } == [
                    "learning_events_2000_01", "learning_events_2004_02", "learning_events_2004_03",
                    "learning_events_2025_12", "learning_events_2026_01", "learning_events_2026_03",
                    "learning_events_default",
                ])
            #expect(try await analytics.count("SELECT count(*) FROM learning_events_default") == 0)
            #expect(try await analytics.count("SELECT count(*) FROM learning_events") == 4)
        }
    }

    @Test("brings engagement_metrics up to date, also while events come in")
    func engagementMetrics() async throws {
        try await Fixture.run { analytics in
            try await analytics.tell(
                .knowledgeSaved(.init(knowledgeID: 1, title: "Course", defaultLanguage: .english)))
            let rollup = EngagementRollup(database: analytics.database)
            try await withThrowingTaskGroup { group in
                for _ in 0..<4 {
                    group.addTask {
                        let learner = try await analytics.student()
                        for _ in 0..<15 {
                            _ = try await analytics.send([.event(), .event("time_spent", seconds: 2)], as: learner)
                        }
                    }
                }
                for _ in 0..<2 {
                    group.addTask { for _ in 0..<15 { try await rollup.refresh() } }
                }
                try await group.waitForAll()
            }
            try await rollup.refresh()
            let row = try #require(
                try await analytics.database.query("SELECT views, avg_time_spent FROM engagement_metrics").only)
            #expect(try row["views"] == 60)
            #expect(try row["avg_time_spent"] == 30.0)
            #expect(try await analytics.count("SELECT count(*) FROM engagement_changes") == 0)
            #expect(try await analytics.count("SELECT count(*) FROM engagement_backlog") == 0)
        }
    }
}

@Suite("The demonstration month", .enabled(if: TestDatabase.isAvailable))
struct DemoSeedTests {
    private static let tables: [SQL] = [
        "knowledge", "chapters", "learning_events", "event_ids", "learner_days", "engagement_metrics",
        "content_analytics", "performance_stats", "inbox",
    ]

    @Test("is the same after the second seed")
    func repeatable() async throws {
        try await Fixture.run { analytics in
            let seed = DemoSeed(database: analytics.database)
            try await seed.run()
            let first = try await contents(analytics)
            try await seed.run()
            #expect(try await contents(analytics) == first)
            #expect(DemoClass.events(ofLearner: 3) == DemoClass.events(ofLearner: 3))
        }
    }

    @Test("gives every report something to show")
    func reports() async throws {
        try await Fixture.run { analytics in
            try await DemoSeed(database: analytics.database).run()
            for course in DemoData.knowledge {
                let engagement = try await analytics.report("/analytics/engagement/\(course.id)?interval=day")
                #expect(engagement["chapters"].items.map { $0["title"].string } == course.chapters.map(\.title))
                #expect((engagement["totals"]["learners"].int ?? 0) > 20)
                #expect(engagement["series"].items.count > 20)
                #expect(try await analytics.report("/analytics/content/\(course.id)")["by_language"].items.count == 4)
            }
            #expect(try await analytics.report("/analytics/performance")["items"].items.count == 3)
            let student = try await analytics.student(DemoData.student.id)
            #expect(try await analytics.report("/analytics/me", as: student)["items"].items.isEmpty == false)
            #expect(
                try await analytics.count(
                    """
                    SELECT count(*)
                      FROM learning_events
                     WHERE occurred_at < '2026-03-02T00:00:00Z'
                        OR occurred_at >= '2026-04-01T00:00:00Z'
                    """) == 0)
        }
    }

    private func contents(_ analytics: Fixture) async throws -> [String] {
        var contents: [String] = []
        for table in Self.tables {
            contents.append(
                try await analytics.database.query(
                    "SELECT coalesce(string_agg(line::text, '' ORDER BY line::text), '') FROM " + table + " AS line")[
                        0][0])
        }
        return contents
    }
}
