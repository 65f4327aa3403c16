import FoundationEssentials

/// A `timestamptz` as text, in UTC: `2024-02-29 23:59:59.000001+00`, `0044-03-15 12:00:00+00 BC`.
enum TimestampText {
    /// Beyond this PostgreSQL refuses a timestamp anyhow; within it, microseconds fit an `Int64`.
    private static let range = -9.2e12...9.2e12

    static func text(of date: Date) -> String {
        let seconds = date.timeIntervalSince1970
        guard range.contains(seconds) else { return seconds.description }
        let microseconds = Int64((seconds * 1e6).rounded())
        let (day, rest) = microseconds.quotientAndRemainder(flooredBy: 86_400_000_000)
        let civil = CivilDate(daysSince1970: day)
        let (second, fraction) = rest.quotientAndRemainder(dividingBy: 1_000_000)
        let isBC = civil.year <= 0

        var text = padded(isBC ? 1 - civil.year : civil.year, 4)
        text += "-" + padded(civil.month, 2) + "-" + padded(civil.day, 2) + " "
        text += padded(second / 3600, 2) + ":" + padded(second / 60 % 60, 2) + ":" + padded(second % 60, 2)
        if fraction != 0 { text += "." + padded(fraction, 6) }
        text += isBC ? "+00 BC" : "+00"
        return text
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = value.description
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

/// A day of the proleptic Gregorian calendar; year 0 is 1 BC.
private struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    /// Counts years from 1 March, so that the leap day is the last one, and eras of 400 years, which all have 146,097 days.
    init(daysSince1970 days: Int64) {
        let (era, dayOfEra) = (days + 719_468).quotientAndRemainder(flooredBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}

extension Int64 {
    /// Division that rounds down, so that the remainder is never negative.
    fileprivate func quotientAndRemainder(flooredBy divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
