public import WireProtocol

/// Gathers what is wrong with an input, so that the caller is told everything at once.
public struct Validation: Sendable {
    public private(set) var errors: [FieldError] = []

    public init() {}

    public mutating func check(_ isValid: Bool, _ field: String, _ message: @autoclosure () -> String) {
        if !isValid { errors.append(FieldError(field: field, message: message())) }
    }

    /// Text of `range` characters without control characters, but for line breaks and tabs.
    public mutating func text(_ value: String, _ field: String, in range: ClosedRange<Int>) {
        let length = value.unicodeScalars.count
        if !range.contains(length) {
            let bounds =
                range.lowerBound == 0 ? "at most \(range.upperBound)" : "\(range.lowerBound) to \(range.upperBound)"
            check(false, field, "must have \(bounds) characters")
        }
        let hasControls = value.unicodeScalars.contains {
            $0.value < 0x20 && $0 != "\n" && $0 != "\t" && $0 != "\r" || $0.value == 0x7F
        }
        check(!hasControls, field, "must not contain control characters")
    }

    /// - Throws: 422 with everything that was noted.
    public func finish() throws {
        if !errors.isEmpty { throw HTTPProblem.invalid(errors) }
    }
}
