import Foundation
import ServiceKit
import Testing

@Suite struct HTTPDateTests {
    @Test func itIsWhatTheCalendarSaysAndReadsBack() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        for seconds in stride(from: 0.0, to: 5_000_000_000, by: 86_400 * 3 + 12_345) {
            let date = Date(timeIntervalSince1970: seconds)
            #expect(HTTPDate.text(of: date) == formatter.string(from: date))
            #expect(HTTPDate.parse(HTTPDate.text(of: date)) == date)
        }
    }
}
