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
        let json = Data(try await body.collect(upTo: .max).readableBytesView)
        do {
            return try WireJSON.decode(type, from: json)
        } catch let error as DecodingError {
            throw isJSON(json)
                ? HTTPProblem.invalid([FieldError(error)])
                : HTTPProblem.badRequest("The body is not JSON that can be read.")
        }
    }

    /// Foundation reports a number that doesn't fit its type just like broken syntax; this tells them apart.
    private func isJSON(_ text: Data) -> Bool {
        do {
            _ = try WireJSON.decode(JSONValue.self, from: text)
            return true
        } catch {
            return false
        }
    }
}
