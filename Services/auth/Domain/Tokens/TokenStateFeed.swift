import Logging
import ServiceKit
import ServiceLifecycle

/// Reads keys and revocations again and again, so that what other replicas change is in force here within a second.
struct TokenStateFeed: Service {
    static let interval: Duration = .seconds(1)

    let state: TokenState
    let logger: Logger
    private let age = TokenStateAge()

    init(state: TokenState, logger: Logger) {
        self.state = state
        self.logger = logger
    }

    func run() async throws {
        await RecurringWork(
            every: Self.interval, whenFailing: "keys and revocations can't be read; what is known stays in force",
            logger: logger
        ) {
            try await age.measure(state.refresh)
        }
        .run()
    }
}
