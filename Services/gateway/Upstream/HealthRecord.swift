/// What an endpoint's active checks have shown so far. One bad answer does not take it out, one good one does not bring
/// it back; but the very first decides.
struct HealthRecord: Sendable {
    static let rise = 2
    static let fall = 2

    private(set) var health = EndpointHealth.unknown
    private var streak = 0

    mutating func note(success: Bool) {
        switch (health, success) {
        case (.unknown, _): health = success ? .up : .down
        case (.up, true), (.down, false): streak = 0
        case (.up, false): count(towards: .down, after: Self.fall)
        case (.down, true): count(towards: .up, after: Self.rise)
        }
    }

    private mutating func count(towards other: EndpointHealth, after needed: Int) {
        streak += 1
        guard streak >= needed else { return }
        health = other
        streak = 0
    }
}
