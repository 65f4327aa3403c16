import NIOCore

/// Cuts a service off while most of what it is asked comes to nothing, so that callers are told at once and the service
/// can recover. A value without a clock: every call says what time it is.
struct CircuitBreaker {
    struct Rules: Sendable, Equatable {
        /// Of requests in one window, from which on it opens.
        var failureShare = 0.5
        /// Requests in one window below which it never opens.
        var minimumRequests = 20
        var window = TimeAmount.seconds(10)
        /// For how long it opens; twice as long each time that the requests let through in between fail.
        var openTime = TimeAmount.seconds(2)
        var longestOpenTime = TimeAmount.seconds(30)
    }

    private enum State {
        case closed
        case open(until: NIODeadline)
        /// A few requests are let through to see.
        case probing(until: NIODeadline, admitted: Int, succeeded: Int)
    }

    /// Requests that must succeed before it closes, and that are let through at once.
    static let probes = 3

    private let rules: Rules
    private var state = State.closed
    private var openings = 0
    private var windowEnd = NIODeadline.uptimeNanoseconds(0)
    private var requests = 0
    private var failures = 0

    init(_ rules: Rules = Rules()) {
        self.rules = rules
    }

    var isClosed: Bool {
        if case .closed = state { true } else { false }
    }

    /// Whether a request may go on to the service.
    mutating func admits(now: NIODeadline) -> Bool {
        switch state {
        case .closed: return true
        case .open(let until):
            guard now >= until else { return false }
            state = .probing(until: now + openTime, admitted: 1, succeeded: 0)
            return true
        case .probing(let until, let admitted, let succeeded):
            if admitted < Self.probes {
                state = .probing(until: until, admitted: admitted + 1, succeeded: succeeded)
                return true
            }
            // Those let through before came to no end, good or bad.
            guard now >= until else { return false }
            state = .probing(until: now + openTime, admitted: 1, succeeded: succeeded)
            return true
        }
    }

    /// What became of a request in the end, whatever was tried in between.
    mutating func note(success: Bool, now: NIODeadline) {
        switch state {
        case .closed:
            if now >= windowEnd {
                windowEnd = now + rules.window
                requests = 0
                failures = 0
            }
            requests += 1
            if !success { failures += 1 }
            guard requests >= rules.minimumRequests, Double(failures) >= rules.failureShare * Double(requests) else {
                return
            }
            open(now: now)
        case .open: break
        case .probing(let until, let admitted, let succeeded):
            if !success {
                open(now: now)
            } else if succeeded + 1 < Self.probes {
                state = .probing(until: until, admitted: admitted, succeeded: succeeded + 1)
            } else {
                state = .closed
                openings = 0
                windowEnd = now
            }
        }
    }

    private mutating func open(now: NIODeadline) {
        state = .open(until: now + openTime)
        openings += 1
    }

    private var openTime: TimeAmount {
        min(rules.longestOpenTime, .nanoseconds(rules.openTime.nanoseconds << Int64(min(openings, 10))))
    }
}
