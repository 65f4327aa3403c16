import FoundationEssentials
import Hummingbird
import HummingbirdTesting
import PostgresTesting
import Testing
import WireProtocol

@Suite("Generation records", .enabled(if: TestDatabase.isAvailable))
struct GenerationTests {
    private static let record: JSONValue = [
        "knowledge_id": 1, "content_type": "lesson", "language": "PT-br", "generation_time": .number(2.5),
        "success": .bool(true),
    ]

    @Test("are answered as they were kept")
    func created() async throws {
        try await Fixture.run { analytics in
            let stored = try await analytics.post("/analytics/content", Self.record.text).json(.created)
            #expect(stored["id"] == 1)
            #expect(stored["language"] == "pt-BR")
            #expect(stored["generation_time"].double == 2.5)
            #expect(stored["error_message"] == .null)
            let time = try #require(stored["created_at"].string.flatMap(Timestamp.parse))
            #expect(abs(time.timeIntervalSinceNow) < 60)
        }
    }

    @Test("are summed up by content type, language and error")
    func report() async throws {
        try await Fixture.run { analytics in
            func append(_ type: String, _ language: String, _ seconds: Double, _ error: String? = nil) async throws {
                let record = Self.record.with("content_type", .string(type)).with("language", .string(language))
                    .with("generation_time", .number(seconds)).with("success", .bool(error == nil))
                    .with("error_message", error.map(JSONValue.string))
                #expect(try await analytics.post("/analytics/content", record.text).status == .created)
            }
            for seconds in 1...9 { try await append("lesson", "en", Double(seconds)) }
            try await append("quiz", "de", 30, "too slow")
            try await append("quiz", "en", 40, "too slow")
            try await append("quiz", "en", 50, "'; DROP TABLE content_analytics; --")
            let report = try await analytics.report("/analytics/content/1")
            #expect(
                report.keys == [
                    "knowledge_id", "totals", "generation_time", "by_content_type", "by_language", "errors",
                ])
            let totals: JSONValue = ["count": 12, "succeeded": 9, "failed": 3, "success_rate": .number(0.75)]
            #expect(report["totals"] == totals)
            #expect(report["generation_time"]["p50"].double == 6.5)
            #expect(report["generation_time"]["mean"].double == 13.75)
            #expect(abs((report["generation_time"]["p95"].double ?? 0) - 44.5) < 1e-9)
            let lessons = report["by_content_type"].first(where: "content_type", is: "lesson")
            #expect(lessons["success_rate"].double == 1)
            #expect(lessons["generation_time"]["p50"].double == 5)
            let german = report["by_language"].first(where: "language", is: "de")
            #expect(german["failed"] == 1)
            #expect(report["errors"][0]["error_message"] == "too slow")
            #expect(report["errors"].items.map { $0["count"] } == [2, 1])
        }
    }

    @Test("outside the time asked for don't count, and nothing gives null")
    func range() async throws {
        try await Fixture.run { analytics in
            let times = ["2026-03-01T00:00:00Z", "2026-03-15T12:00:00Z", "2026-04-01T00:00:00Z"]
            _ = try await analytics.tell(
                times.map { time in
                    Event(
                        occurredAt: Timestamp.parse(time)!,
                        .contentGenerated(
                            .init(
                                knowledgeID: 1, chapterID: "a", language: .english, contentType: "quiz",
                                generationTime: 1, success: true)))
                })
            let march = "from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z"
            #expect(try await analytics.report("/analytics/content/1?\(march)")["totals"]["count"] == 2)
            let none = try await analytics.report("/analytics/content/1?to=2020-01-01T00:00:00Z")
            #expect(none["totals"]["count"] == 0)
            #expect(none["totals"]["success_rate"] == .null)
            #expect(none["generation_time"] == ["p50": .null, "p95": .null, "mean": .null])
        }
    }

    @Test(
        "that are faulty are refused, with the field",
        arguments: [
            ("knowledge_id", 0), ("knowledge_id", nil), ("content_type", ""), ("content_type", 3),
            ("content_type", .string(String(repeating: "x", count: 51))), ("language", "e"), ("language", nil),
            ("generation_time", -1), ("generation_time", nil), ("success", "yes"), ("error_message", "a\u{0}"),
        ] as [(String, JSONValue?)])
    func invalid(field: String, value: JSONValue?) async throws {
        try await Fixture.run { analytics in
            let answer = try await analytics.post("/analytics/content", Self.record.with(field, value).text)
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.problem().errors?.map(\.field) == [field])
        }
    }

    @Test("of a deleted course are refused")
    func deleted() async throws {
        try await Fixture.run { analytics in
            try await analytics.tell(.knowledgeDeleted(.init(knowledgeID: 1)))
            let answer = try await analytics.post("/analytics/content", Self.record.text)
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.problem().errors?.map(\.field) == ["knowledge_id"])
        }
    }

    @Test("with an Idempotency-Key are kept once")
    func idempotent() async throws {
        try await Fixture.run { analytics in
            let headers: HTTPFields = [
                .authorization: "Bearer \(analytics.teacher)", .contentType: "application/json",
                .idempotencyKey: "once",
            ]
            var bodies: Set<String> = []
            for _ in 0..<3 {
                let answer = try await analytics.client.execute(
                    uri: "/analytics/content", method: .post, headers: headers,
                    body: ByteBuffer(string: Self.record.text))
                #expect(answer.status == .created)
                bodies.insert(answer.text)
            }
            #expect(bodies.count == 1)
            #expect(try await analytics.count("SELECT count(*) FROM content_analytics") == 1)
        }
    }
}
