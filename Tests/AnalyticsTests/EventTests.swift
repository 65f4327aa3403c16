import FoundationEssentials
import Hummingbird
import PostgresTesting
import Testing
import WireProtocol

@Suite("Learning events", .enabled(if: TestDatabase.isAvailable))
struct EventTests {
    @Test("are in the reports as soon as they are acknowledged")
    func readYourWrites() async throws {
        try await Fixture.run { analytics in
            let (ada, ben) = (try await analytics.student(), try await analytics.student())
            let sent = try await analytics.send(
                [.event(), .event("time_spent", seconds: 30), .event("completion")], as: ada)
            #expect(try sent.json(.accepted) == ["accepted": 3, "duplicates": 0])
            _ = try await analytics.send([.event(), .event(), .event("time_spent", seconds: 61)], as: ben)

            let report = try await analytics.report("/analytics/engagement/1")
            #expect(report["knowledge_id"] == 1)
            #expect(report["chapters"].items.count == 1)
            let chapter = report["chapters"][0]
            #expect(chapter["chapter_id"] == "one")
            #expect(chapter["title"] == .null)
            #expect(chapter["views"] == 3)
            #expect(chapter["completions"] == 1)
            #expect(chapter["learners"] == 2)
            #expect(chapter["completion_rate"].double == 0.5)
            #expect(chapter["avg_time_spent"].double == 45.5)
            #expect(report["series"] == .null)
        }
    }

    @Test("count once, within a batch and over batches")
    func duplicates() async throws {
        try await Fixture.run { analytics in
            let events = (0..<5).map { _ in JSONValue.event() }
            let first = try await analytics.send(events + [events[0], events[0]])
            #expect(try first.json(.accepted) == ["accepted": 5, "duplicates": 2])
            let elsewhere = events[1].with("chapter_id", "two").with("knowledge_id", 2)
                .with("occurred_at", "2019-05-05T00:00:00Z")
            let again = try await analytics.send([events[0], elsewhere, .event()])
            #expect(try again.json(.accepted) == ["accepted": 1, "duplicates": 2])
            #expect(try await analytics.report("/analytics/engagement/1")["totals"]["views"] == 6)
            #expect(try await analytics.get("/analytics/engagement/2").status == .notFound)
        }
    }

    @Test(
        "that are faulty are refused, with the field",
        arguments: [
            ("id", "not a uuid"), ("id", nil), ("type", "like"), ("type", 7), ("knowledge_id", 0),
            ("knowledge_id", -1), ("knowledge_id", 2_147_483_648), ("knowledge_id", "1"), ("chapter_id", ""),
            ("chapter_id", .string(String(repeating: "x", count: 51))), ("chapter_id", "a\u{0}b"), ("chapter_id", nil),
            ("language", "not a language"), ("seconds", -1), ("seconds", 86_401), ("seconds", "3"), ("seconds", nil),
            ("occurred_at", "yesterday"), ("occurred_at", "1999-12-31T23:59:59Z"),
            ("occurred_at", "2999-01-01T00:00:00Z"),
        ] as [(String, JSONValue?)])
    func invalid(field: String, value: JSONValue?) async throws {
        try await Fixture.run { analytics in
            let good = JSONValue.event("time_spent", seconds: 5)
            let response = try await analytics.send([good, good, .event("time_spent", seconds: 5).with(field, value)])
            #expect(response.status == .unprocessableContent)
            #expect(try response.problem().errors?.map(\.field) == ["events.2.\(field)"])
            #expect(try await analytics.count("SELECT count(*) FROM event_ids") == 0)
        }
    }

    @Test("tell all their faults at once")
    func allFaults() async throws {
        try await Fixture.run { analytics in
            let bad = JSONValue.event("time_spent", 0, "", at: "1999-01-01T00:00:00Z")
            let fields = try await analytics.send([.event(), bad]).problem().errors?.map(\.field)
            #expect(
                fields == [
                    "events.1.knowledge_id", "events.1.chapter_id", "events.1.seconds", "events.1.occurred_at",
                ])
        }
    }

    @Test("come a thousand at a time at most")
    func batchLimit() async throws {
        try await Fixture.run { analytics in
            let events = (0..<1_001).map { _ in JSONValue.event() }
            let refused = try await analytics.send(events)
            #expect(refused.status == .unprocessableContent)
            #expect(try refused.problem().errors?.map(\.field) == ["events"])
            let taken = try await analytics.send(Array(events.dropLast()))
            #expect(try taken.json(.accepted) == ["accepted": 1_000, "duplicates": 0])
            let huge = try await analytics.post("/analytics/events", String(repeating: " ", count: 3 << 20))
            #expect(huge.status == .contentTooLarge)
        }
    }

    @Test("in an empty batch are none")
    func empty() async throws {
        try await Fixture.run { analytics in
            let receipt = try await analytics.send([]).json(.accepted)
            #expect(receipt == ["accepted": 0, "duplicates": 0])
        }
    }

    @Test("may have anything in their texts", arguments: hostileTexts)
    func hostile(text: String) async throws {
        try await Fixture.run { analytics in
            #expect(try await analytics.send([.event("view", 1, text)]).status == .accepted)
            let report = try await analytics.report("/analytics/engagement/1")
            #expect(report["chapters"][0]["chapter_id"].string == text)
            #expect(try await analytics.count("SELECT count(*) FROM learning_events") == 1)
        }
    }

    @Test("happen now when they don't say when")
    func now() async throws {
        try await Fixture.run { analytics in
            let before = Date()
            _ = try await analytics.send([.event(), .event(at: Timestamp.text(of: before + 290))])
            let time: Date = try await analytics.database.query("SELECT min(occurred_at) FROM learning_events")[0][0]
            #expect(abs(time.timeIntervalSince(before)) < 60)
        }
    }
}

let hostileTexts = [
    "'; DROP TABLE learning_events; --", "{\"a\",NULL}", "\\", "\"", "$1", "%s%n", "NULL", "\u{202E}evil", "😀",
    " ", "1' OR '1'='1", "{}", "a,b", "<script>",
]

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(uniqueKeysWithValues: elements))
    }

    public init(stringLiteral value: String) {
        self = .string(value)
    }

    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }
}
