public import FoundationEssentials
import WireProtocol

/// Times in header fields: `Sun, 06 Nov 1994 08:49:37 GMT` (IMF-fixdate of RFC 9110 §5.6.7), to the second.
public enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    public static func text(of date: Date) -> String {
        guard let time = UTCTime(date) else { return remoteText(of: date) }
        var text = FixedText("Sun, 00 Nov 0000 00:00:00 GMT")
        text.put(days[time.weekday], 0..<3)
        text.put(time.day, 5..<7)
        text.put(months[time.month - 1], 8..<11)
        text.put(time.year, 12..<16)
        text.put(time.hour, 17..<19)
        text.put(time.minute, 20..<22)
        text.put(time.second, 23..<25)
        return text.text
    }

    private static func remoteText(of date: Date) -> String {
        let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute, .second], from: date)
        let day = days[(parts.weekday ?? 1) - 1]
        let month = months[(parts.month ?? 1) - 1]
        let time = [parts.hour, parts.minute, parts.second].map(twoDigits).joined(separator: ":")
        return "\(day), \(twoDigits(parts.day)) \(month) \(parts.year ?? 0) \(time) GMT"
    }

    /// `nil` for what is no such time. The obsolete forms are not read, and so their condition is ignored.
    public static func parse(_ text: String) -> Date? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", days.contains(where: { words[0] == $0 + "," }),
            let month = months.firstIndex(where: { words[2] == $0 }), let day = Int(words[1]), let year = Int(words[3]),
            (1...31).contains(day), (1...9_999).contains(year)
        else { return nil }
        let time = words[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]), (0...60).contains(time[2]) else {
            return nil
        }
        return calendar.date(
            from: DateComponents(
                year: year, month: month + 1, day: day, hour: time[0], minute: time[1], second: time[2]))
    }

    private static func twoDigits(_ number: Int?) -> String {
        let digits = String(number ?? 0)
        return digits.count < 2 ? "0" + digits : digits
    }
}
