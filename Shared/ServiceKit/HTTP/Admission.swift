import NIOConcurrencyHelpers

/// Bounds how many requests are in work at once.
final class Admission: Sendable {
    private let limit: Int
    private let running = NIOLockedValueBox(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// `false` when the limit is reached; otherwise ``leave()`` must follow.
    func enter() -> Bool {
        running.withLockedValue { running in
            guard running < limit else { return false }
            running += 1
            return true
        }
    }

    func leave() {
        running.withLockedValue { $0 -= 1 }
    }
}
