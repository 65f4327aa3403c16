import ServiceKit

extension QueryReader {
    /// `?from=&to=`: from the one, up to but not including the other.
    mutating func timeRange() -> TimeRange {
        let from = time("from")
        let to = time("to")
        guard let range = TimeRange(from: from, to: to) else {
            note("to", "must be after from")
            return .always
        }
        return range
    }
}
