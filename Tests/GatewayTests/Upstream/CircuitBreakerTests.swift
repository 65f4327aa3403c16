import NIOCore
import Testing

@testable import Gateway

@Suite struct CircuitBreakerTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private var breaker = CircuitBreaker()

    private mutating func note(_ failures: Int, of requests: Int, at time: NIODeadline) {
        // Spread evenly.
        for index in 0..<requests {
            breaker.note(success: index * failures / requests == (index + 1) * failures / requests, now: time)
        }
    }

    private mutating func admits(_ time: NIODeadline) -> Bool { breaker.admits(now: time) }

    @Test mutating func itStaysClosedWhileLessThanHalfFail() {
        note(49, of: 100, at: start)
        #expect(breaker.isClosed && admits(start))
    }

    @Test mutating func fewRequestsSayNothing() {
        note(19, of: 19, at: start)
        #expect(breaker.isClosed)
    }

    @Test mutating func failuresOfAWindowBeforeDoNotCount() {
        note(19, of: 19, at: start)
        note(1, of: 1, at: start + .seconds(10))
        #expect(breaker.isClosed)
    }

    @Test mutating func openItLetsNothingThroughUntilItsTimeIsUp() {
        note(20, of: 20, at: start)
        #expect(!admits(start))
        #expect(!admits(start + .milliseconds(1999)))
        let admitted = (0..<10).map { _ in admits(start + .seconds(2)) }
        #expect(admitted.count { $0 } == CircuitBreaker.probes)
    }

    @Test mutating func itClosesWhenWhatItLetThroughWentWell() {
        note(20, of: 20, at: start)
        for _ in 0..<3 {
            #expect(admits(start + .seconds(2)))
            breaker.note(success: true, now: start + .seconds(2))
        }
        #expect(breaker.isClosed)
        note(19, of: 19, at: start + .seconds(3))
        #expect(breaker.isClosed)
    }

    @Test mutating func eachTimeThatItHelpsNothingItStaysOpenTwiceAsLong() {
        note(20, of: 20, at: start)
        var time = start
        for seconds in [2, 4, 8, 16, 30, 30] as [Int64] {
            #expect(!admits(time + .seconds(seconds) - .nanoseconds(1)))
            time = time + .seconds(seconds)
            #expect(admits(time))
            breaker.note(success: false, now: time)
        }
    }

    @Test mutating func requestsThatComeToNoEndDoNotKeepItOpenForEver() {
        note(20, of: 20, at: start)
        for _ in 0..<3 { #expect(admits(start + .seconds(2))) }
        #expect(!admits(start + .seconds(3)))
        #expect(admits(start + .seconds(6)))
    }
}
