public import Logging
public import ServiceLifecycle

/// Work that a service does beside answering requests, again and again until shutdown, whatever fails in between.
///
/// The first failure of a row is logged as a warning, the success that ends the row as a notice.
public struct RecurringWork: Service {
    private let failure: Logger.Message
    private let retryPauses: ClosedRange<Duration>
    private let logger: Logger
    private let work: @Sendable () async throws -> Duration

    /// - Parameters:
    ///   - failure: what it means for the operator that the work fails; the error is added.
    ///   - retryPauses: how long to pause after a failure: the lower bound after the first, twice as long after each
    ///     further one, and never longer than the upper bound.
    ///   - work: answers how long to pause before it is done again.
    public init(
        whenFailing failure: Logger.Message, retryAfter retryPauses: ClosedRange<Duration>, logger: Logger,
        _ work: @escaping @Sendable () async throws -> Duration
    ) {
        self.failure = failure
        self.retryPauses = retryPauses
        self.logger = logger
        self.work = work
    }

    /// The same, with one length of pause for every case.
    public init(
        every interval: Duration, whenFailing failure: Logger.Message, logger: Logger,
        _ work: @escaping @Sendable () async throws -> Void
    ) {
        self.init(whenFailing: failure, retryAfter: interval...interval, logger: logger) {
            try await work()
            return interval
        }
    }

    public func run() async {
        await cancelWhenGracefulShutdown {
            var failures = 0
            while !Task.isCancelled {
                let pause: Duration
                do {
                    pause = try await work()
                    if failures > 0 { logger.notice("works again", metadata: ["was": "\(failure)"]) }
                    failures = 0
                } catch {
                    if Task.isCancelled { return }
                    if failures == 0 { logger.warning(failure, metadata: ["error": "\(error)"]) }
                    pause = min(retryPauses.lowerBound * (1 << min(failures, 16)), retryPauses.upperBound)
                    failures += 1
                }
                // Interrupted by shutdown only, and then the loop ends.
                try? await Task.sleep(for: pause)
            }
        }
    }
}
