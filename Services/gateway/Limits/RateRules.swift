import NIOCore

/// Kinds of calls that are counted apart, so that reading much does not keep anybody from logging in.
enum RateClass: String, Sendable, CaseIterable {
    case read, write, login
}

/// How many calls of one kind one client may make.
struct RateRule: Sendable, Equatable {
    /// At once, and then evenly again over `window`.
    var requests: Int
    var window: TimeAmount
}

/// The rule for each kind; what has none is not limited.
struct RateRules: Sendable, Equatable {
    var read: RateRule?
    var write: RateRule?
    var login: RateRule?

    subscript(_ kind: RateClass) -> RateRule? {
        get {
            switch kind {
            case .read: read
            case .write: write
            case .login: login
            }
        }
        set {
            switch kind {
            case .read: read = newValue
            case .write: write = newValue
            case .login: login = newValue
            }
        }
    }

    init() {}

    /// - Parameter text: `read=600/60,write=120/60`: requests per seconds, by kind; may be empty.
    init?(_ text: String) {
        for part in text.split(separator: ",") {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let kind = RateClass(rawValue: String(sides[0])), self[kind] == nil else {
                return nil
            }
            let numbers = sides[1].split(separator: "/", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            guard numbers.count == 2, 1...1_000_000_000 ~= numbers[0], 1...86_400 ~= numbers[1] else { return nil }
            self[kind] = RateRule(requests: numbers[0], window: .seconds(Int64(numbers[1])))
        }
    }
}
