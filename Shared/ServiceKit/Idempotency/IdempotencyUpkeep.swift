import Logging
import ServiceLifecycle

/// Deletes kept answers once nobody can ask for them any more.
struct IdempotencyUpkeep: Service {
    static let interval: Duration = .seconds(600)

    let store: IdempotencyStore
    let logger: Logger

    func run() async throws {
        await RecurringWork(
            every: Self.interval, whenFailing: "expired answers to Idempotency-Key stay for now", logger: logger,
            store.deleteExpired
        )
        .run()
    }
}
