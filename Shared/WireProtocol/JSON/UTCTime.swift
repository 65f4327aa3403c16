public import FoundationEssentials

/// A time's parts in UTC, without a `Calendar`, which would take most of the time of writing what is read most.
public struct UTCTime: Sendable {
    public let year: Int
    public let month: Int
    public let day: Int
    /// From 0, Sunday.
    public let weekday: Int
    public let hour: Int
    public let minute: Int
    public let second: Int
    public let millisecond: Int

    /// Cut to the millisecond. `nil` before 1 March 1600, when calendars still differed, and after the year 9999.
    public init?(_ date: Date) {
        let time = (date.timeIntervalSince1970 * 1_000).rounded(.down)
        guard (-11_670_912_000_000..<253_402_300_800_000).contains(time) else { return nil }
        // Years are counted from 1 March, so that the leap day is the last of its year, and from 1600, so that they
        // repeat after 400 years, which have 146,097 days: a century has 36,524, four years have 1,461.
        let (days, rest) = (Int(time) + 11_670_912_000_000).quotientAndRemainder(dividingBy: 86_400_000)
        let (era, dayOfEra) = days.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Five months from March on have 153 days, five from August on too.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = 1_600 + era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        // 1 March 1600 was a Wednesday.
        weekday = (days + 3) % 7
        hour = rest / 3_600_000
        minute = rest / 60_000 % 60
        second = rest / 1_000 % 60
        millisecond = rest % 1_000
    }
}
