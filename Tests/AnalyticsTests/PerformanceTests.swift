import FoundationEssentials
import Hummingbird
import PostgresTesting
import Testing
import WireProtocol

@Suite("Performance", .enabled(if: TestDatabase.isAvailable))
struct PerformanceTests {
    private static func operation(
        _ service: String, _ type: String, _ duration: Double, success: Bool = true, at time: String
    ) -> Event {
        Event(
            occurredAt: Timestamp.parse(time)!,
            .operationCompleted(
                .init(
                    service: service, operationType: type, duration: duration, success: success,
                    errorCount: success ? 0 : 1)))
    }

    private static let events =
        (1...100).map { operation("content", "bulk", Double($0), success: $0 > 5, at: "2026-03-01T10:30:00Z") }
        + [
            operation("content", "bulk", 7, at: "2026-03-01T11:00:00Z"),
            operation("media", "upload", 20, at: "2026-03-02T00:00:00Z"),
            operation("media", "scan", 1, success: false, at: "2026-03-02T00:00:00Z"),
        ]

    @Test("is summed up by service and operation")
    func report() async throws {
        try await Fixture.run { analytics in
            _ = try await analytics.tell(Self.events)
            let report = try await analytics.report("/analytics/performance?to=2026-03-01T11:00:00Z")
            #expect(report.keys == ["items"])
            let item = report["items"][0]
            #expect(item["service"] == "content")
            #expect(item["operation_type"] == "bulk")
            #expect(item["count"] == 100)
            #expect(item["error_rate"].double == 0.05)
            #expect(item["p50"].double == 50.5)
            #expect(abs((item["p95"].double ?? 0) - 95.05) < 1e-9)
            #expect(abs((item["p99"].double ?? 0) - 99.01) < 1e-9)
            let all = try await analytics.report("/analytics/performance")["items"].items
            #expect(all.map { $0["operation_type"] } == ["bulk", "scan", "upload"])
            let some = try await analytics.report("/analytics/performance?service=media&operation_type=upload")
            #expect(some["items"].items.map { $0["count"] } == [1])
            let hostile = try await analytics.report("/analytics/performance?service=%27%20OR%20%271%27=%271")
            #expect(hostile["items"] == .array([]))
        }
    }

    @Test("has a series of hours or days when asked for")
    func series() async throws {
        try await Fixture.run { analytics in
            _ = try await analytics.tell(Self.events)
            let hours = try await analytics.report("/analytics/performance?interval=hour&service=content")["series"]
            #expect(hours.items.map { $0["start"] } == ["2026-03-01T10:00:00.000Z", "2026-03-01T11:00:00.000Z"])
            #expect(hours.items.map { $0["count"] } == [100, 1])
            let days = try await analytics.report("/analytics/performance?interval=day")["series"]
            #expect(days.items.map { $0["operation_type"] } == ["bulk", "scan", "upload"])
            #expect(days.items.map { $0["count"] } == [101, 1, 1])
        }
    }

    @Test("refuses a series that is too long")
    func longSeries() async throws {
        try await Fixture.run { analytics in
            try await analytics.database.query(
                """
                INSERT INTO performance_stats (service, operation_type, duration, success, timestamp)
                SELECT 'content', 'bulk', 1, true, timestamp '2020-01-01' + hour * interval '1 hour'
                  FROM generate_series(0, 10000) AS hour
                """)
            let answer = try await analytics.get("/analytics/performance?interval=hour")
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.problem().errors?.map(\.field) == ["interval"])
            let shorter = try await analytics.report("/analytics/performance?interval=hour&from=2020-01-01T01:00:00Z")
            #expect(shorter["series"].items.count == 10_000)
        }
    }

    @Test(
        "refuses questions that make no sense",
        arguments: [("interval=minute", "interval"), ("service=", "service"), ("from=1", "from")])
    func badQuestions(query: String, field: String) async throws {
        try await Fixture.run { analytics in
            let answer = try await analytics.get("/analytics/performance?\(query)")
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.problem().errors?.map(\.field) == [field])
        }
    }
}
