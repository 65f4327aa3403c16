import Logging
import ServiceKit
import ServiceLifecycle

/// Brings Kratos level with what was changed here. Any number of replicas may do it side by side.
///
/// What can't be told is tried again for as long as it takes; until then, what auth has holds.
struct KratosFollower: Service {
    static let pollInterval: Duration = .milliseconds(500)
    static let batch = 8
    private static let longestPause: Duration = .seconds(5)
    /// How long telling of one account may take, and how long after that others keep away.
    private static let deadline: Duration = .seconds(30)
    private static let lease: Duration = .seconds(60)
    /// Between two attempts, at most.
    private static let longestDelay: Duration = .seconds(60)

    let news: IdentityNewsQueue
    let admin: KratosAdmin
    let logger: Logger

    func run() async {
        await RecurringWork(
            whenFailing: "what Kratos is to be told can't be read", retryAfter: Self.pollInterval...Self.longestPause,
            logger: logger
        ) {
            // A task of its own, so that shutdown waits for calls that are on their way.
            let taken = try await Task { try await tellBatch() }.value
            return taken == Self.batch ? .zero : Self.pollInterval
        }
        .run()
    }

    /// Tells what is due; answers of how many accounts that was.
    func tellBatch() async throws -> Int {
        let items = try await news.take(limit: Self.batch, lease: Self.lease)
        try await withThrowingTaskGroup { group in
            for item in items { group.addTask { try await tell(item) } }
            try await group.waitForAll()
        }
        return items.count
    }

    private func tell(_ item: IdentityNewsQueue.Item) async throws {
        do {
            let account = try await news.account(of: item)
            try await Deadline.run(Self.deadline) {
                if let account {
                    try await admin.follow(account, item.identity, enabling: item.enables)
                } else {
                    try await admin.delete(item.identity)
                }
            }
            try await news.finish(item)
        } catch {
            logger.warning(
                "Kratos could not be told of a change; it is tried again",
                metadata: ["identity": "\(item.identity)", "attempt": "\(item.attempt)", "error": "\(error)"])
            try await news.postpone(item, by: min(.seconds(1 << min(item.attempt, 6)), Self.longestDelay))
        }
    }
}
