import FoundationEssentials

/// Sorts out which records are new to who follows the log. Numbers are given when a change begins and seen when it is
/// committed, so a record may turn up after others with higher numbers: for a minute it is looked for.
struct AuditFollower {
    static let patience: TimeInterval = 60

    /// Records with higher numbers are to be looked at.
    private(set) var floor: Int
    private var seen: Set<Int>

    /// - Parameter records: the newest that were shown already.
    init(seen records: [AuditRecord]) {
        floor = (records.map(\.id).min() ?? 1) - 1
        seen = Set(records.map(\.id))
    }

    /// - Parameter records: those after ``floor``, in order.
    mutating func new(_ records: [AuditRecord], at now: Date) -> [AuditRecord] {
        let new = records.filter { !seen.contains($0.id) }
        seen.formUnion(new.map(\.id))
        if let settled = records.last(where: { now.timeIntervalSince($0.at) > Self.patience }) {
            floor = settled.id
            seen = seen.filter { $0 > settled.id }
        }
        return new
    }
}
