import Logging
import ServiceKit
import ServiceLifecycle

/// Does a piece of work again and again until shutdown. What fails is logged, and tried again next time.
struct Upkeep: Service {
    let name: String
    /// Between two runs; more after long ones, so that upkeep takes a tenth of the time at most.
    let pause: Duration
    let logger: Logger
    let work: @Sendable () async throws -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let start = ContinuousClock.now
                do {
                    try await work()
                } catch {
                    if !Task.isCancelled {
                        logger.warning("upkeep failed", metadata: ["work": "\(name)", "error": "\(error)"])
                    }
                }
                // Interrupted by shutdown only, and then the loop ends.
                try? await Task.sleep(for: max(pause, start.duration(to: .now) * 10))
            }
        }
    }
}
