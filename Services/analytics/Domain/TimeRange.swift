import FoundationEssentials

/// The time that a report is asked for: from `start` up to but not including `end`.
struct TimeRange: Sendable, Hashable {
    /// Before the first and after the last event that can be.
    static let always = TimeRange(start: LearningEvent.earliest, end: Date(timeIntervalSince1970: 32_503_680_000))

    /// `end` is never before `start`.
    let start: Date
    let end: Date

    private init(start: Date, end: Date) {
        self.start = start
        self.end = end
    }

    /// `nil` when `from` is not before `to`. What is beyond ``always`` is cut off.
    init?(from: Date?, to: Date?) {
        if let from, let to, from >= to { return nil }
        start = min(max(from ?? Self.always.start, Self.always.start), Self.always.end)
        end = max(min(to ?? Self.always.end, Self.always.end), start)
    }

    /// The whole days (UTC) in it; empty when there are none.
    var wholeDays: TimeRange {
        let first = (start.timeIntervalSince1970 / Self.day).rounded(.up) * Self.day
        let last = (end.timeIntervalSince1970 / Self.day).rounded(.down) * Self.day
        guard first <= last else { return TimeRange(start: end, end: end) }
        return TimeRange(start: Date(timeIntervalSince1970: first), end: Date(timeIntervalSince1970: last))
    }

    /// What comes before the whole days; all of it when there are none.
    var head: TimeRange { TimeRange(start: start, end: wholeDays.start) }

    /// What comes after the whole days.
    var tail: TimeRange { TimeRange(start: wholeDays.end, end: end) }

    private static let day: Double = 86_400
}
