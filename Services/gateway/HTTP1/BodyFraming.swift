/// How a message tells where its content ends (RFC 9112 §6.3).
enum BodyFraming: Sendable, Equatable {
    case none
    case length(Int)
    case chunked
    /// Responses only.
    case untilClose
}

extension UnsafeRawBufferPointer {
    /// `1*DIGIT` up to `Int.max`, `nil` for anything else.
    var decimal: Int? {
        guard !isEmpty, count <= 19 else { return nil }
        var number = 0
        for byte in self {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(byte - 0x30))
            guard !overflow, !carry else { return nil }
            number = sum
        }
        return number
    }

    /// - Parameter lowercase: as `equalsIgnoringCase` takes it.
    func hasListMember(_ lowercase: StaticString) -> Bool {
        var found = false
        forEachListMember { found = found || $0.equalsIgnoringCase(lowercase) }
        return found
    }

    /// Calls `body` with each member of a comma-separated list (RFC 9110 §5.6.1), empty members left out.
    func forEachListMember<Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        var start = 0
        while start < count {
            var end = start
            while end < count, self[end] != 0x2C { end += 1 }
            var first = start
            var last = end
            while first < last, self[first].isBlank { first += 1 }
            while last > first, self[last - 1].isBlank { last -= 1 }
            if first < last { try body(slice(first..<last)) }
            start = end + 1
        }
    }
}
