import FoundationEssentials
public import Hummingbird
public import WireProtocol

/// Reads a request's query parameters, typed, and gathers what is wrong with them. Call ``finish()`` when all are read.
public struct QueryReader {
    private let parameters: [String: String]
    private var validation = Validation()

    public init(_ request: Request) {
        var parameters: [String: String] = [:]
        for pair in (request.uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            parameters[Self.decoded(parts[0])] = parts.count == 2 ? Self.decoded(parts[1]) : ""
        }
        self.parameters = parameters
    }

    public mutating func string(_ name: String, in range: ClosedRange<Int> = 0...200) -> String? {
        guard let text = parameters[name] else { return nil }
        validation.text(text, name, in: range)
        return text
    }

    public mutating func integer(_ name: String, in range: ClosedRange<Int> = 0...Int(Int32.max)) -> Int? {
        guard let text = parameters[name] else { return nil }
        let value = Int(text)
        let isValid = value.map(range.contains) ?? false
        validation.check(
            isValid, name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        return isValid ? value : nil
    }

    public mutating func flag(_ name: String) -> Bool {
        guard let text = parameters[name] else { return false }
        validation.check(["true", "false", "1", "0"].contains(text), name, "must be true or false")
        return text == "true" || text == "1"
    }

    public mutating func time(_ name: String) -> Date? {
        guard let text = parameters[name] else { return nil }
        let value = Timestamp.parse(text)
        validation.check(value != nil, name, "must be a time as in RFC 3339, such as 2026-03-01T08:30:00Z")
        return value
    }

    public mutating func language(_ name: String) -> LanguageTag? {
        guard let text = parameters[name] else { return nil }
        let value = LanguageTag(text)
        validation.check(value != nil, name, "must be a BCP 47 language tag, such as en or pt-BR")
        return value
    }

    public mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, as type: Choice.Type = Choice.self
    ) -> Choice? where Choice.RawValue == String {
        guard let text = parameters[name] else { return nil }
        let value = Choice(rawValue: text)
        validation.check(
            value != nil, name, "must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        return value
    }

    public mutating func identifier(_ name: String) -> Identifier? {
        guard let text = parameters[name] else { return nil }
        let value = Identifier(text)
        validation.check(value != nil, name, "must be a UUID")
        return value
    }

    public mutating func note(_ field: String, _ message: String) {
        validation.check(false, field, message)
    }

    /// Undoes form encoding, once (WHATWG URL §5.1); what is no percent-encoding stays as it is.
    private static func decoded(_ text: Substring) -> String {
        let text = text.contains("+") ? String(text).replacing("+", with: " ") : String(text)
        return text.removingPercentEncoding ?? text
    }

    /// - Throws: 422 with everything that is wrong.
    public func finish() throws {
        try validation.finish()
    }
}
