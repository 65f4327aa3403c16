import Foundation
import Logging
import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import Gateway

@Suite struct AccessLogTests {
    /// Keeps what is logged.
    private struct Lines: LogHandler {
        let kept = NIOLockedValueBox<[Logger.Metadata]>([])
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            kept.withLockedValue { $0.append(event.metadata ?? [:]) }
        }
    }

    private let lines = Lines()

    private func record(_ count: Int, status: UInt16, percent: Int) {
        var exchange = Exchange()
        let head = "GET /content/1?signature=secret HTTP/1.1\r\nauthorization: Bearer secret\r\nx-request-id: abc"
        exchange.request = ByteBuffer(string: head)
        exchange.record.path = 4..<14
        exchange.record.requestID = (head.utf8.count - 3)..<head.utf8.count
        exchange.service = .content
        exchange.status = status
        let handler = lines
        let log = AccessLog(logger: Logger(label: "access", factory: { _ in handler }))
        for _ in 0..<count {
            log.record(
                exchange, client: "203.0.113.7", isComplete: true, duration: .microseconds(1500), percent: percent)
        }
    }

    private var kept: [Logger.Metadata] { lines.kept.withLockedValue { $0 } }

    @Test func aLineTellsWhatHappenedAndNoSecret() {
        record(1, status: 200, percent: 100)
        #expect(
            kept.map { $0.mapValues(\.description) } == [
                [
                    "method": "GET", "path": "/content/1", "status": "200", "duration_ms": "1.5", "request_id": "abc",
                    "client": "203.0.113.7", "service": "content",
                ]
            ])
        #expect(!"\(kept)".contains("secret"))
    }

    @Test func soManyInAHundredAreLoggedAndFaultsAlways() {
        record(1000, status: 200, percent: 0)
        #expect(kept.isEmpty)
        record(50, status: 503, percent: 0)
        #expect(kept.count == 50)
        record(10_000, status: 200, percent: 20)
        // Ten standard deviations either way.
        #expect((1600...2400).contains(kept.count - 50))
    }
}
