/// When to ask the server to cancel what a connection runs. A request that comes before the statement runs is ignored
/// by the server, so it is repeated; a connection that does not answer to it at all is given up.
struct Cancellation {
    enum Step: Equatable {
        case none
        case sendRequest
        case giveUp
    }

    static let interval = Duration.milliseconds(250)
    static let patience = Duration.seconds(5)

    private(set) var isOnItsWay = false
    private var hasFailed = false
    /// Since when the statement that runs now has been unwanted.
    private var since: MonotonicTime?
    private var earliestRepeat: MonotonicTime?
    /// When to call `settle` again at the latest.
    private(set) var nextStep = MonotonicTime.never

    /// - Parameter wanted: whether whatever the connection runs may be cancelled.
    mutating func settle(wanted: Bool, now: MonotonicTime) -> Step {
        guard wanted || isOnItsWay else {
            self = Cancellation()
            return .none
        }
        let start = since ?? now
        let end = start.advanced(by: Self.patience)
        since = start
        nextStep = end
        if hasFailed || now >= end { return .giveUp }
        if isOnItsWay { return .none }
        if let earliestRepeat, now < earliestRepeat {
            nextStep = min(earliestRepeat, end)
            return .none
        }
        isOnItsWay = true
        return .sendRequest
    }

    /// What runs next has not been asked to stop yet.
    mutating func headAnswered() {
        since = nil
        earliestRepeat = nil
    }

    mutating func returned(succeeded: Bool, now: MonotonicTime) {
        isOnItsWay = false
        hasFailed = !succeeded
        earliestRepeat = now.advanced(by: Self.interval)
    }
}
