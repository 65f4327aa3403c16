import FoundationEssentials
import Testing
import WireProtocol

@testable import Analytics

@Suite("A time range")
struct TimeRangeTests {
    private func range(_ from: String?, _ to: String?) -> TimeRange? {
        TimeRange(from: from.flatMap(Timestamp.parse), to: to.flatMap(Timestamp.parse))
    }

    private func text(_ range: TimeRange) -> String {
        range.start == range.end ? "-" : "\(Timestamp.text(of: range.start)) \(Timestamp.text(of: range.end))"
    }

    @Test("falls into whole days and what is left on both sides")
    func parts() throws {
        let long = try #require(range("2026-02-28T07:30:00Z", "2026-03-02T16:00:00Z"))
        #expect(text(long.head) == "2026-02-28T07:30:00.000Z 2026-03-01T00:00:00.000Z")
        #expect(text(long.wholeDays) == "2026-03-01T00:00:00.000Z 2026-03-02T00:00:00.000Z")
        #expect(text(long.tail) == "2026-03-02T00:00:00.000Z 2026-03-02T16:00:00.000Z")
        let whole = try #require(range("2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z"))
        #expect(text(whole.head) == "-")
        #expect(whole.wholeDays == whole)
        #expect(text(whole.tail) == "-")
        let overMidnight = try #require(range("2026-03-01T23:00:00Z", "2026-03-02T01:00:00Z"))
        #expect(text(overMidnight.head) == "2026-03-01T23:00:00.000Z 2026-03-02T00:00:00.000Z")
        #expect(text(overMidnight.wholeDays) == "-")
        #expect(text(overMidnight.tail) == "2026-03-02T00:00:00.000Z 2026-03-02T01:00:00.000Z")
        let short = try #require(range("2026-03-01T01:00:00Z", "2026-03-01T02:00:00Z"))
        #expect(short.head == short)
        #expect(text(short.wholeDays) == "-")
        #expect(text(short.tail) == "-")
    }

    @Test("is cut to the time that events can be of")
    func bounds() throws {
        #expect(range(nil, nil) == .always)
        #expect(range("0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z") == .always)
        #expect(text(try #require(range(nil, "1990-01-01T00:00:00Z"))) == "-")
        #expect(text(try #require(range("9000-01-01T00:00:00Z", nil))) == "-")
        #expect(range("2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z") == nil)
    }
}
