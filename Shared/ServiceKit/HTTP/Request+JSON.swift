import FoundationEssentials
public import Hummingbird
import WireProtocol

extension Request {
    /// The body as a `Value`. The route must have its body buffered.
    ///
    /// - Throws: 415 when it doesn't claim to be JSON, 400 when it is none, 422 with the field when a value is of the
    ///   wrong type or missing.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) async throws -> Value {
        let mediaType = headers[.contentType].flatMap(MediaType.init(from:))
        guard let mediaType, mediaType.isType(.applicationJson) else {
            throw HTTPProblem.unsupportedMediaType("application/json")
        }
        let buffer = try await body.collect(upTo: .max)
        do {
            return try WireJSON.decode(type, from: Data(buffer.readableBytesView))
        } catch let error as DecodingError {
            throw HTTPProblem(error)
        }
    }
}

extension HTTPProblem {
    init(_ error: DecodingError) {
        switch error {
        case .dataCorrupted(let context) where context.isSyntax:
            self = .badRequest("The body is not JSON that can be read. Check its syntax.")
        case .dataCorrupted(let context):
            self = .invalid(context.codingPath.dotted, context.debugDescription)
        case .keyNotFound(let key, let context):
            self = .invalid((context.codingPath + [key]).dotted, "is missing")
        case .valueNotFound(_, let context):
            self = .invalid(context.codingPath.dotted, "must not be null")
        case .typeMismatch(let type, let context):
            self = .invalid(context.codingPath.dotted, "must be \(Self.name(of: type))")
        @unknown default:
            self = .badRequest("The body can't be read.")
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

extension DecodingError.Context {
    /// Whether the text is no JSON at all, as opposed to a value that doesn't fit its type. Foundation tells the two
    /// apart by their wording only.
    fileprivate var isSyntax: Bool {
        codingPath.isEmpty && debugDescription.hasPrefix("The given data was not valid JSON")
    }
}

extension [any CodingKey] {
    /// `events.3.id`; `body` for the root.
    fileprivate var dotted: String {
        isEmpty ? "body" : map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
}
