public import FoundationEssentials

/// Times on the wire: RFC 3339 §5.6. Written in UTC with milliseconds; read with any offset, with or without a fraction.
public enum Timestamp {
    private static let whole = Date.ISO8601FormatStyle()
    private static let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// Cut to the millisecond. A `Date` holds decimal fractions only to some tenths of a microsecond; without the half
    /// microsecond that is added, every other whole millisecond would be cut to the one before.
    public static func text(of date: Date) -> String {
        let date = date.addingTimeInterval(0.000_000_5)
        guard let time = UTCTime(date) else { return fractional.format(date) }
        var text = FixedText("0000-00-00T00:00:00.000Z")
        text.put(time.year, 0..<4)
        text.put(time.month, 5..<7)
        text.put(time.day, 8..<10)
        text.put(time.hour, 11..<13)
        text.put(time.minute, 14..<16)
        text.put(time.second, 17..<19)
        text.put(time.millisecond, 20..<23)
        return text.text
    }

    /// From the year 1 to the end of 9999, which RFC 3339 can write. Cut to the millisecond, so that what is kept is what
    /// is written.
    ///
    /// `nil` unless the whole of `text` is such a time.
    public static func parse(_ text: String) -> Date? {
        guard text.utf8.count <= 40, let time = (try? whole.parse(text)) ?? (try? fractional.parse(text)),
            seconds.contains(time.timeIntervalSince1970)
        else { return nil }
        return Date(timeIntervalSince1970: (time.timeIntervalSince1970 * 1_000 + 0.000_5).rounded(.down) / 1_000)
    }

    private static let seconds = -62_135_596_800.0..<253_402_300_800.0
}
