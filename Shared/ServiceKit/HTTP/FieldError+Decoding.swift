public import WireProtocol

extension FieldError {
    /// What doesn't fit, in JSON that can be read: the field's path as `events.3.id`, `body` for the root.
    public init(_ error: DecodingError) {
        switch error {
        case .dataCorrupted(let context):
            self.init(field: context.codingPath.dotted, message: context.debugDescription)
        case .keyNotFound(let key, let context):
            self.init(field: (context.codingPath + [key]).dotted, message: "is missing")
        case .valueNotFound(_, let context):
            self.init(field: context.codingPath.dotted, message: "must not be null")
        case .typeMismatch(let type, let context):
            self.init(field: context.codingPath.dotted, message: "must be \(Self.name(of: type))")
        @unknown default:
            self.init(field: "body", message: "can't be read")
        }
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is Int.Type, is Int64.Type: "a whole number"
        case is Double.Type: "a number"
        case is [Any].Type: "an array"
        default: "an object"
        }
    }
}

extension [any CodingKey] {
    fileprivate var dotted: String {
        isEmpty ? "body" : map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
}
