import Testing

@testable import Postgres

struct BackoffTests {
    private let start = MonotonicTime(nanoseconds: 0)

    @Test func `pauses double from 50 ms up to 1 s`() {
        var backoff = Backoff()
        var now = start
        var pauses: [Int64] = []
        for _ in 0..<7 {
            backoff.failed(at: now, jitter: 1)
            pauses.append((backoff.until.nanoseconds - now.nanoseconds) / 1_000_000)
            now = backoff.until
        }
        #expect(pauses == [50, 100, 200, 400, 800, 1000, 1000])
    }

    @Test func `jitter takes away up to half`() {
        var backoff = Backoff()
        backoff.failed(at: start, jitter: 0)
        #expect(backoff.until == start.advanced(by: .milliseconds(25)))
    }

    @Test func `attempts that were made at once count once`() {
        var backoff = Backoff()
        for _ in 0..<8 { backoff.failed(at: start, jitter: 1) }
        #expect(backoff.failures == 1)
        #expect(backoff.until == start.advanced(by: .milliseconds(50)))
    }

    @Test func `success forgets the past`() {
        var backoff = Backoff()
        backoff.failed(at: start, jitter: 1)
        backoff.succeeded()
        #expect(backoff.failures == 0)
    }
}
