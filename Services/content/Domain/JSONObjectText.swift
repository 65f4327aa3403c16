import FoundationEssentials
import WireProtocol

/// A JSON object that clients attach to things of ours; kept as text, since nothing here looks into it.
struct JSONObjectText: Sendable, Equatable, Codable {
    /// By ``size(of:)``, so that what was taken is taken again as PostgreSQL gives it back.
    static let maximumBytes = 65_536
    static let empty = JSONObjectText(text: "{}")

    let text: String

    /// - Parameter text: a JSON object, as the database or ``JSONReader`` has checked.
    init(text: String) {
        self.text = text
    }

    /// - Throws: `DecodingError` with a message for the client.
    init(from decoder: any Decoder) throws {
        let members = try [String: JSONValue](from: decoder)
        let object = JSONValue.object(members)
        text = String(decoding: try WireJSON.encode(object), as: UTF8.self)
        if let fault = object.containsNull ? "must not contain the character U+0000" : Self.fault(in: text) {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
        }
    }

    func encode(to encoder: any Encoder) throws {
        try value().encode(to: encoder)
    }

    func value() throws -> JSONValue {
        try WireJSON.decode(JSONValue.self, from: Data(text.utf8))
    }

    static func fault(in text: String) -> String? {
        size(of: text) > maximumBytes ? "must have at most \(maximumBytes) bytes" : nil
    }
}
