import Logging
import ServiceLifecycle

/// Deletes kept answers once nobody can ask for them any more.
struct IdempotencyUpkeep: Service {
    static let interval: Duration = .seconds(600)

    let store: IdempotencyStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await store.deleteExpired()
                } catch  where !Task.isCancelled {
                    logger.warning("expired answers to Idempotency-Key stay for now", metadata: ["error": "\(error)"])
                } catch {
                    return
                }
                // Interrupted by shutdown only, and then the loop ends.
                try? await Task.sleep(for: Self.interval)
            }
        }
    }
}
