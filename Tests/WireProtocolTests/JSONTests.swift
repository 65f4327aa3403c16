import FoundationEssentials
import Testing
import WireProtocol

@Suite("JSON on the wire")
struct JSONTests {
    @Test("a page always names its next cursor")
    func page() throws {
        try expectGolden(Page(items: [1, 2]), #"{"items":[1,2],"next_cursor":null}"#)
        try expectGolden(Page(items: [1], nextCursor: "c", total: 9), #"{"items":[1],"next_cursor":"c","total":9}"#)
    }

    @Test("free-form values keep their kinds and exact whole numbers")
    func values() throws {
        try expectGolden(
            JSONValue.object([
                "a": .array([.null, .bool(true), .integer(9_007_199_254_740_993), .number(0.5)]), "b": .string("ü"),
            ]),
            #"{"a":[null,true,9007199254740993,0.5],"b":"ü"}"#)
    }

    @Test(
        "times are read with any offset and fraction",
        arguments: ["2026-03-01T08:30:00Z", "2026-03-01T09:30:00+01:00", "2026-03-01T08:30:00.000Z"])
    func times(text: String) throws {
        let time = try #require(Timestamp.parse(text))
        #expect(Timestamp.text(of: time) == "2026-03-01T08:30:00.000Z")
    }

    @Test(
        "a time of whole milliseconds is the same after it was written and read",
        arguments: [1_772_353_800, 999, 4_102_444_800])
    func milliseconds(second: Int) throws {
        for millisecond in 0..<1_000 {
            let digits = String(String(1_000 + millisecond).dropFirst())
            for time in [
                Date(timeIntervalSince1970: Double(second * 1_000 + millisecond) / 1_000),
                Date(timeIntervalSince1970: Double(second) + Double(millisecond) / 1_000),
            ] {
                let text = Timestamp.text(of: time)
                #expect(text.hasSuffix(".\(digits)Z"))
                #expect(Timestamp.text(of: try #require(Timestamp.parse(text))) == text)
            }
        }
    }

    @Test(
        "times of all centuries are as ISO 8601 has them, and read back",
        arguments: [
            "0002-06-15T12:00:00.000Z", "1599-12-31T23:59:59.999Z", "1600-02-29T12:00:00.000Z",
            "1600-03-01T00:00:00.000Z",
            "1700-02-28T23:59:59.999Z", "1969-12-31T23:59:59.999Z", "1999-12-31T23:59:59.500Z",
            "2000-02-29T00:00:00.000Z",
            "2024-12-31T00:00:00.001Z", "2100-03-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z",
        ])
    func centuries(text: String) throws {
        #expect(Timestamp.text(of: try #require(Timestamp.parse(text))) == text)
    }

    @Test("a day is the one of the calendar, in 8,000 years")
    func days() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for second in stride(from: -11_670_912_000.0, to: 253_402_300_800, by: 86_400 * 41 + 12_345) {
            let date = Date(timeIntervalSince1970: second)
            let time = try #require(UTCTime(date))
            let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute, .second], from: date)
            #expect(
                [time.year, time.month, time.day, time.weekday + 1, time.hour, time.minute, time.second]
                    == [parts.year, parts.month, parts.day, parts.weekday, parts.hour, parts.minute, parts.second])
        }
    }

    @Test(
        "a time is cut to the millisecond when it is read, as it is when it is written",
        arguments: ["2026-03-01T08:30:00.678901Z", "2026-03-01T08:30:00.678999Z", "1999-12-31T23:59:59.678001Z"])
    func cut(text: String) throws {
        let time = try #require(Timestamp.parse(text))
        #expect(Timestamp.text(of: time) == String(text.prefix(23)) + "Z")
        #expect(time == Timestamp.parse(Timestamp.text(of: time)))
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "yesterday", "2026-13-01T00:00:00Z", "2026-03-01", "1772353800", "294277-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z", "9999-12-31T23:59:59-00:01", "0000-12-31T23:59:59Z",
        ])
    func noTimes(text: String) {
        #expect(Timestamp.parse(text) == nil)
    }

    @Test("identifiers are written in lower case and read in either")
    func identifiers() throws {
        let upper = try WireJSON.decode(Identifier.self, from: Data(#""00000000-0000-4000-8000-00000000000A""#.utf8))
        try expectGolden(upper, #""00000000-0000-4000-8000-00000000000a""#)
    }

    @Test("a readiness is down when one dependency is, and degraded when only one is that it can do without")
    func readiness() throws {
        #expect(Readiness(dependencies: ["postgres": .init(status: .ok)]).status == .ok)
        #expect(
            Readiness(dependencies: ["postgres": .init(status: .ok), "graph": .init(status: .degraded)]).status
                == .degraded)
        #expect(
            Readiness(dependencies: ["postgres": .init(status: .down), "graph": .init(status: .degraded)]).status
                == .down)
        try expectGolden(
            Readiness(dependencies: [
                "postgres": .init(status: .down, detail: "no answer"), "store": .init(status: .ok),
            ]),
            #"{"dependencies":{"postgres":{"detail":"no answer","status":"down"},"store":{"status":"ok"}},"status":"down"}"#
        )
    }
}
