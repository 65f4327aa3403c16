import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// All event loops' shares of the gateway, for those parts of the process that live on none of them.
final class ProxyLoops: Sendable {
    private let shares = NIOLockedValueBox<[NIOLoopBound<ProxyLoop>]>([])

    /// Makes a share on every loop of `group`, and starts its clock.
    func start(
        on group: MultiThreadedEventLoopGroup, make: @escaping @Sendable (any EventLoop) -> ProxyLoop
    ) async throws {
        for eventLoop in group.makeIterator() {
            try await eventLoop.submit { [shares] in
                let share = NIOLoopBound(make(eventLoop), eventLoop: eventLoop)
                eventLoop.scheduleRepeatedTask(
                    initialDelay: ProxyLoop.tickInterval, delay: ProxyLoop.tickInterval
                ) { _ in share.value.tick() }
                shares.withLockedValue { $0.append(share) }
            }.get()
        }
    }

    /// The share of the loop that the caller is on.
    func share(of eventLoop: any EventLoop) -> ProxyLoop? {
        shares.withLockedValue { $0.first { $0.eventLoop === eventLoop } }?.value
    }

    /// Has every loop do this soon.
    func tell(_ body: @escaping @Sendable (ProxyLoop) -> Void) {
        for share in shares.withLockedValue({ $0 }) {
            share.eventLoop.execute { body(share.value) }
        }
    }

    /// Asks every loop.
    ///
    /// - Throws: when a loop has been shut down.
    func ask<Answer: Sendable>(_ body: @escaping @Sendable (ProxyLoop) -> Answer) async throws -> [Answer] {
        var answers: [Answer] = []
        for share in shares.withLockedValue({ $0 }) {
            answers.append(try await share.eventLoop.submit { body(share.value) }.get())
        }
        return answers
    }
}
