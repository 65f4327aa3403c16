import Foundation
import Testing

@testable import Gateway

@Suite struct HTTPDateTests {
    @Test func itIsWhatTheCalendarSays() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        for seconds in stride(from: 0, to: 5_000_000_000, by: 86_400 * 3 + 12_345) {
            #expect(HTTPDate.text(of: seconds) == formatter.string(from: Date(timeIntervalSince1970: Double(seconds))))
        }
    }
}
