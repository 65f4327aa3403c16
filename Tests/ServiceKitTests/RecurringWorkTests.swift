import Logging
import NIOConcurrencyHelpers
import ServiceKit
import ServiceLifecycle
import Testing

struct RecurringWorkTests {
    private struct Failure: Error {}

    @Test func `it goes on after failures, and says when they begin and end`() async throws {
        let lines = LogLines()
        let runs = AsyncStream<Int>.makeStream()
        let count = NIOLockedValueBox(0)
        let work = RecurringWork(
            whenFailing: "nothing can be swept", retryAfter: .milliseconds(1)...(.milliseconds(4)),
            logger: Logger(label: "test") { _ in lines }
        ) {
            let run = count.withLockedValue { count in
                count += 1
                return count
            }
            runs.continuation.yield(run)
            if (2...5).contains(run) { throw Failure() }
            return .milliseconds(1)
        }
        let task = Task { await work.run() }
        for await run in runs.stream where run >= 8 { break }
        task.cancel()
        await task.value
        #expect(lines.all == ["warning: nothing can be swept", "notice: works again"])
    }

    @Test func `shutdown ends the pause`() async throws {
        let runs = AsyncStream<Void>.makeStream()
        let work = RecurringWork(every: .seconds(3600), whenFailing: "never", logger: Logger(label: "test")) {
            runs.continuation.yield()
        }
        let group = ServiceGroup(services: [work], logger: Logger(label: "test"))
        async let end: Void = group.run()
        for await _ in runs.stream { break }
        await group.triggerGracefulShutdown()
        try await end
    }
}

/// Keeps what is logged, as `level: message`.
private struct LogLines: LogHandler {
    private let lines = NIOLockedValueBox<[String]>([])
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    var all: [String] { lines.withLockedValue { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.withLockedValue { $0.append("\(event.level): \(event.message)") }
    }
}
