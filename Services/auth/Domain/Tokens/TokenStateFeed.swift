import Logging
import ServiceLifecycle

/// Reads keys and revocations again and again, so that what other replicas change is in force here within a second.
struct TokenStateFeed: Service {
    static let interval: Duration = .seconds(1)

    let state: TokenState
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var wasReached = true
            while !Task.isCancelled {
                do {
                    try await state.refresh()
                    wasReached = true
                } catch {
                    if wasReached && !Task.isCancelled {
                        logger.warning(
                            "keys and revocations can't be read; what is known of them stays in force",
                            metadata: ["error": "\(error)"])
                    }
                    wasReached = false
                }
                // Interrupted by shutdown only, and then the loop ends.
                try? await Task.sleep(for: Self.interval)
            }
        }
    }
}
