import NIOCore

/// Bounds retries to a share of the requests, so that a service in trouble is not asked several times as much. A few are
/// always allowed, for services that are seldom asked.
struct RetryBudget {
    struct Rules: Sendable, Equatable {
        /// Retries per request, on average.
        var share = 0.2
        /// Retries per second that are allowed however few requests there are.
        var perSecond = 10.0
    }

    /// Saved up from requests at most, and in seconds of `perSecond`.
    private static let mostSaved = 1000.0
    private static let seconds = 10.0

    private let rules: Rules
    private var saved: Double
    private var refilled: NIODeadline

    init(_ rules: Rules = Rules(), now: NIODeadline) {
        self.rules = rules
        saved = rules.perSecond * Self.seconds
        refilled = now
    }

    mutating func noteRequest() {
        saved = min(saved + rules.share, Self.mostSaved)
    }

    /// Takes one retry out, if there is one.
    mutating func take(now: NIODeadline) -> Bool {
        let floor = rules.perSecond * Self.seconds
        if saved < floor {
            let passed = Double((now - refilled).nanoseconds) / 1_000_000_000
            saved = min(saved + passed * rules.perSecond, floor)
        }
        refilled = now
        guard saved >= 1 else { return false }
        saved -= 1
        return true
    }
}
